"""Sentences about cells that were set."""

from __future__ import annotations

from math import inf, isfinite, isnan

from lossacc_gui.core.convention import Convention, Rows
from lossacc_gui.core.explanation import Explanation, Move, RowMoment, Span
from lossacc_gui.core.telling.metrics import Spans, accuracy, both, entropy, flips
from lossacc_gui.core.telling.words import exactly, listed, pair, same, verb
from lossacc_gui.core.wording import brief, number, rows


def cells(explanation: Explanation, decimals: int) -> Spans:
    """What moved in one row, what that did to its loss, and to its prediction."""
    if explanation.rows != 1:
        return _many(explanation, decimals)
    was, now = explanation.before_row, explanation.after_row
    assert was is not None
    assert now is not None
    spans = [Span(f"Row {explanation.row + 1}: {_what_moved(explanation)}.", "strong")]
    if explanation.rounded is not None:
        typed, stored, dtype = explanation.rounded
        spans.append(Span(f" {typed:g} became {exactly(stored)} in {dtype}."))
    if not now.label:
        return [*spans, Span(" The row has no label, so neither metric counts it.")]
    logits = explanation.after.convention.rows is Rows.LOGITS
    kept = same(was.p_label, now.p_label)
    spans += [Span(" The label is "), Span(now.label, "em"), Span(" and " if kept else ": ")]
    spans += [
        Span(_why_loss(explanation, was, now, logits, decimals)),
        entropy(explanation, decimals),
        Span("."),
    ]
    return spans + _prediction(explanation, was, now)


def _what_moved(explanation: Explanation) -> str:
    """The cells that changed, in a clause."""
    logits = explanation.after.convention.rows is Rows.LOGITS
    moves = explanation.moves
    if not moves:
        return "nothing that shows changed"
    if explanation.cells == 2 and not logits and _balanced(*moves):
        taker, giver = sorted(moves, key=_gain, reverse=True)
        return f"{brief(taker.by)} moved from {giver.name} to {taker.name}"
    said = [f"{f'z({m.name})' if logits else m.name} went from {pair(m.before, m.after)}" for m in moves[:2]]
    if explanation.cells <= 2:
        return " and ".join(said)
    return f"{explanation.cells:,} cells changed, most of all {said[0].replace(' went', '')}"


def _balanced(one: Move, other: Move) -> bool:
    """Whether what one cell lost is what the other gained, but for rounding."""
    opposite = _gain(one) * _gain(other) < 0
    return opposite and isfinite(one.by) and isfinite(other.by) and brief(one.by) == brief(other.by)


def _gain(move: Move) -> float:
    return move.after - move.before


def _why_loss(explanation: Explanation, was: RowMoment, now: RowMoment, logits: bool, decimals: int) -> str:
    """Why the row's loss did or did not follow, up to what cross-entropy did."""
    convention = explanation.after.convention
    p = f"{convention.rows.letter}({now.label})"
    if convention.temperature != 1:
        p += f" at T = {convention.temperature:.4g}"
    held, flat = same(was.p_label, now.p_label), same(was.loss, now.loss)
    moved = f"{p} stayed {brief(now.p_label)}" if held else f"{p} {verb(was.p_label, now.p_label)} from "
    moved += "" if held else pair(was.p_label, now.p_label)
    loss = f"stayed {row_loss(now, decimals)}" if flat else row_loss_moved(was, now, decimals)
    if flat and not held and isfinite(now.loss):
        moved += f", yet {_why_same(convention, was, now)}"
    elif held and not flat and convention.smoothing:
        moved += ", but smoothing counts every cell"
    elif held and not flat and logits:
        moved += ", but the other logits changed"
    elif held and not flat and same(was.total, now.total):
        moved += ", but the cells are clipped before they are divided"
    elif held and not flat:
        moved += f", but the row's sum went from {pair(was.total, now.total)}"
    return f"{moved}, so the row's loss {loss} and "


def _why_same(convention: Convention, was: RowMoment, now: RowMoment) -> str:
    if convention.clips and was.p_label * now.total != now.p_label * was.total:
        return "both are clipped to the same value"
    if convention.rows is Rows.LOGITS:
        return "the others moved along"
    return "its share of the row stayed"


def row_loss(row: RowMoment, decimals: int) -> str:
    """A row's loss, with one decimal less than cross-entropy."""
    if isnan(row.loss):
        return "undefined"
    return "infinite" if row.loss == inf else number(row.loss, max(1, decimals - 1))


def row_loss_moved(was: RowMoment, now: RowMoment, decimals: int) -> str:
    """How a row's loss changed, with as many decimals as it takes to see it."""
    if not isfinite(now.loss):
        return f"became {row_loss(now, decimals)}"
    if not isfinite(was.loss):
        return f"is no longer {row_loss(was, decimals)} but {row_loss(now, decimals)}"
    before, after = row_loss(was, decimals), row_loss(now, decimals)
    while before == after and decimals < 12:
        decimals += 1
        before, after = row_loss(was, decimals), row_loss(now, decimals)
    if before == after:
        return f"stayed {row_loss(now, 4)} but for rounding"
    return f"{verb(was.loss, now.loss)} from {before} to {after}"


def _prediction(explanation: Explanation, was: RowMoment, now: RowMoment) -> Spans:
    """What became of the row's prediction, and of accuracy."""
    hits = accuracy(explanation)
    still = explanation.before.losses == explanation.after.losses
    if now.broken:
        why = f" {now.prediction} is not a number, and such a row is never right: "
        return [Span(why), hits, Span(".")]
    tie = f"{listed(now.tied)} tie; the first counts" if now.tied else ""
    if was.winner == now.winner:
        if was.right != now.right:  # its largest cell was not a number
            return [Span(f" The prediction is {now.prediction}, and "), hits, Span(".")]
        lead = f" The prediction stayed {now.prediction}"
        lead += f" ({tie})" if now.decides else ""
        return [Span(f"{lead}, and " if still else f"{lead}, so "), hits, Span(".")]
    how = f"{tie}, so" if tie else _overtaken(explanation, was, now)
    so = "still wrong, and " if not (was.right or now.right) else "and "
    # Better in one way and worse in the other, or moved in one way only: that is the point.
    turn = "But" if explanation.flipped and (still or (now.loss < was.loss) != now.right) else "And"
    return [Span(f" {turn} {how} the prediction became {now.prediction}, {so}"), hits, Span(".")]


def _overtaken(explanation: Explanation, was: RowMoment, now: RowMoment) -> str:
    """ "dog fell below fox:" or "fox rose above dog:", whichever of the two moved more."""
    moved = {move.name: _gain(move) for move in explanation.moves}
    lost, won = moved.get(was.prediction, 0.0), moved.get(now.prediction, 0.0)
    if lost < 0 and -lost >= won:
        return f"{was.prediction} fell below {now.prediction}:"
    if won > 0:
        return f"{now.prediction} rose above {was.prediction}:"
    return f"{was.prediction} is no longer the largest:"


def _many(explanation: Explanation, decimals: int) -> Spans:
    cells = "1 cell" if explanation.cells == 1 else f"{explanation.cells:,} cells"
    head = f"{cells} in {rows(explanation.rows)} changed"
    return [Span(f"{head}.", "strong"), Span(f" {flips(explanation)}"), *both(explanation, decimals)]
