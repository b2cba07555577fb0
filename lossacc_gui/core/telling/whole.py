"""Sentences about rows and classes that came or went, and about everything replaced."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.explanation import Explanation, Span
from lossacc_gui.core.telling.conventions import titled
from lossacc_gui.core.telling.metrics import Spans, both, outcome, why_not_finite
from lossacc_gui.core.telling.words import agree, bare, listed, unit
from lossacc_gui.core.wording import number, rows


def rows_added(explanation: Explanation, decimals: int) -> Spans:
    """Rows that came."""
    if explanation.rows == 1:
        head = f"A row was inserted: it is row {explanation.row + 1}."
    else:
        head = f"{rows(explanation.rows)} were inserted, the first as row {explanation.row + 1}."
    none = (
        " Without a label, it does not count."
        if explanation.rows == 1
        else " Without labels, they do not count."
    )
    return [Span(head, "strong"), Span(f"{'' if explanation.lost else none} "), *both(explanation, decimals)]


def rows_deleted(explanation: Explanation, decimals: int) -> Spans:
    """Rows that went."""
    one = f"Row {explanation.row + 1} was deleted."
    head = one if explanation.rows == 1 else f"{rows(explanation.rows)} were deleted."
    return [Span(f"{head} ", "strong"), *both(explanation, decimals)]


def class_added(explanation: Explanation, decimals: int) -> Spans:
    """A class that came."""
    back = f" It is the label of {rows(explanation.lost)}." if explanation.lost else ""
    return [
        Span(f"Class {bare(explanation.name)} was added.", "strong"),
        Span(f"{back} "),
        *both(explanation, decimals),
    ]


def class_deleted(explanation: Explanation, decimals: int) -> Spans:
    """A class that went."""
    lost = (
        f" {rows(explanation.lost)} lost {'its' if explanation.lost == 1 else 'their'} label."
        if explanation.lost
        else ""
    )
    return [
        Span(f"Class {bare(explanation.name)} was deleted.", "strong"),
        Span(f"{lost} "),
        *both(explanation, decimals),
    ]


def class_renamed(explanation: Explanation, _: int) -> Spans:
    """A class with another name."""
    head = f"Class {bare(explanation.old_name)} is now called {bare(explanation.name)}."
    return [Span(head, "strong"), Span(" No number changed.")]


def classes_reordered(explanation: Explanation, decimals: int) -> Spans:
    """Classes in another order, which decides ties."""
    head = Span("The classes stand in another order.", "strong")
    return [head, Span(" Of cells that tie the first counts. "), *both(explanation, decimals)]


def together(explanation: Explanation, decimals: int) -> Spans:
    """Several things done as one step, such as a paste that added rows."""
    head = listed(explanation.parts)
    tail = outcome(explanation, decimals) if explanation.rows else [Span(" "), *both(explanation, decimals)]
    return [Span(f"{head[:1].upper()}{head[1:]}.", "strong"), *tail]


def baseline(explanation: Explanation, decimals: int) -> Spans:
    """A baseline pinned or taken away."""
    if not explanation.name:
        tail = " Tiles show the change since the last edit."
        return [Span("The baseline was taken away.", "strong"), Span(tail)]
    now, after = explanation.after.entropy, explanation.after
    loss = Span(f"cross-entropy {number(now, decimals)} {unit(after.convention)}", "loss")
    hits = Span(f"accuracy {after.hits:,} of {rows(after.n)}", "accuracy")
    head = [Span(f"Baseline pinned: {explanation.name}.", "strong"), Span(" Changes count from here: ")]
    return [*head, loss, Span(" and "), hits, Span(".")]


def replaced(explanation: Explanation, decimals: int) -> Spans:
    """Something opened, new, or put in the place of everything."""
    if not explanation.old_name:
        return [Span(f"{explanation.name}.", "strong"), Span(" "), *both(explanation, decimals)]
    source = "" if explanation.old_name in explanation.name else f": {explanation.old_name}"
    shape = f"{explanation.rows:,} × {explanation.classes:,}"
    head = [Span(f"{_done(explanation.name)}{source}, {shape}.", "strong"), Span(" ")]
    return [*head, *_stands(explanation, decimals), *_read_as(explanation)]


def _done(name: str) -> str:
    """What a step is called, as something that has happened."""
    return f"Opened {name.removeprefix('Open ')}" if name.startswith("Open ") else name


def _read_as(explanation: Explanation) -> Spans:
    """By which convention, unless it is the plainest: it comes with a file, or is that of the file before."""
    now = explanation.after.convention
    if explanation.undone or now == Convention():
        return []
    kept = now == explanation.before.convention.for_classes(explanation.classes)
    how = titled(now, with_unit=not now.same_unit(Convention()))
    how = how if now.title else f"{how[:1].lower()}{how[1:]}"
    why = "as before" if kept else "as it was saved"
    return [Span(f" Read as {how}, {why}; the As menu has By hand and others.")]


def _stands(explanation: Explanation, decimals: int) -> Spans:
    """Where both metrics stand, for numbers that have nothing to do with those before."""
    after = explanation.after
    if not after.n:
        return [Span("No row has a label yet: give one in the label column to see both metrics.")]
    missing = after.tally.unlabelled
    tail = f"; {rows(missing)} without a label {agree('do', missing)} not count." if missing else "."
    why = why_not_finite(after, -1, "Cross-entropy is {}{}")
    loss = Span(why or f"Cross-entropy is {number(after.entropy, decimals)} {unit(after.convention)}", "loss")
    hits = Span(f"accuracy is {after.hits:,} of {rows(after.n)}", "accuracy")
    return [loss, Span(", and "), hits, Span(tail)]


def epoch(explanation: Explanation, decimals: int) -> Spans:
    """Another epoch."""
    return [
        Span(f"Epoch {explanation.row + 1} is shown.", "strong"),
        Span(" "),
        *_stands(explanation, decimals),
    ]


def page(explanation: Explanation, _: int) -> Spans:
    """Another page of more rows than are held one by one."""
    head = f"{explanation.name[:1].upper()}{explanation.name[1:]}: the grid and the views show these rows."
    return [Span(head, "strong"), Span(" The tiles count all.")]


def steps(explanation: Explanation, decimals: int) -> Spans:
    """Several steps at once."""
    count = abs(explanation.steps)
    what = f"{count:,} steps" if count > 1 else "Several steps"
    touched = f", {rows(explanation.rows)} changed" if explanation.rows else ""
    numbers = both(explanation, decimals) if explanation.compares else _stands(explanation, decimals)
    return [Span(f"{what}{touched}.", "strong"), Span(" "), *numbers]
