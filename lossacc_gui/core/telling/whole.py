"""Sentences about rows and classes that came or went, and about everything replaced."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.explanation import Explanation, Span
from lossacc_gui.core.telling.conventions import titled
from lossacc_gui.core.telling.metrics import Spans, both, flips, why_not_finite
from lossacc_gui.core.telling.words import agree, bare, listed, unit
from lossacc_gui.core.wording import number, rows


def rows_added(data: Explanation, decimals: int) -> Spans:
    """Rows that came."""
    if data.rows == 1:
        head = f"A row was inserted: it is row {data.row + 1}."
    else:
        head = f"{rows(data.rows)} were inserted, the first as row {data.row + 1}."
    none = " Without a label, it does not count." if data.rows == 1 else " Without labels, they do not count."
    return [Span(head, "strong"), Span(f"{'' if data.lost else none} "), *both(data, decimals)]


def rows_deleted(data: Explanation, decimals: int) -> Spans:
    """Rows that went."""
    one = f"Row {data.row + 1} was deleted."
    head = one if data.rows == 1 else f"{rows(data.rows)} were deleted."
    return [Span(f"{head} ", "strong"), *both(data, decimals)]


def class_added(data: Explanation, decimals: int) -> Spans:
    """A class that came."""
    back = f" It is the label of {rows(data.lost)}." if data.lost else ""
    return [Span(f"Class {bare(data.name)} was added.", "strong"), Span(f"{back} "), *both(data, decimals)]


def class_deleted(data: Explanation, decimals: int) -> Spans:
    """A class that went."""
    lost = f" {rows(data.lost)} lost {'its' if data.lost == 1 else 'their'} label." if data.lost else ""
    return [Span(f"Class {bare(data.name)} was deleted.", "strong"), Span(f"{lost} "), *both(data, decimals)]


def class_renamed(data: Explanation, _: int) -> Spans:
    """A class with another name."""
    head = f"Class {bare(data.old_name)} is now called {bare(data.name)}."
    return [Span(head, "strong"), Span(" No number changed.")]


def classes_reordered(data: Explanation, decimals: int) -> Spans:
    """Classes in another order, which decides ties."""
    head = Span("The classes stand in another order.", "strong")
    return [head, Span(" Of cells that tie the first counts. "), *both(data, decimals)]


def together(data: Explanation, decimals: int) -> Spans:
    """Several things done as one step, such as a paste that added rows."""
    head = listed(data.parts)
    tail = f" {flips(data)}" if data.rows else " "
    return [Span(f"{head[:1].upper()}{head[1:]}.", "strong"), Span(tail), *both(data, decimals)]


def baseline(data: Explanation, decimals: int) -> Spans:
    """A baseline pinned or taken away."""
    if not data.name:
        tail = " Tiles show the change since the last edit."
        return [Span("The baseline was taken away.", "strong"), Span(tail)]
    now, after = data.after.entropy, data.after
    loss = Span(f"cross-entropy {number(now, decimals)} {unit(after.convention)}", "loss")
    hits = Span(f"accuracy {after.hits:,} of {rows(after.n)}", "accuracy")
    head = [Span(f"Baseline pinned: {data.name}.", "strong"), Span(" Changes count from here: ")]
    return [*head, loss, Span(" and "), hits, Span(".")]


def replaced(data: Explanation, decimals: int) -> Spans:
    """Something opened, new, or put in the place of everything."""
    if not data.old_name:
        return [Span(f"{data.name}.", "strong"), Span(" "), *both(data, decimals)]
    source = "" if data.old_name in data.name else f": {data.old_name}"
    shape = f"{data.rows:,} × {data.classes:,}"
    head = [Span(f"{data.name}{source}, {shape}.", "strong"), Span(" ")]
    return [*head, *_stands(data, decimals), *_read_as(data)]


def _read_as(data: Explanation) -> Spans:
    """By which convention, unless it is the plainest: it comes with a file, or is that of the file before."""
    now = data.after.convention
    if data.undone or now == Convention():
        return []
    kept = now == data.before.convention.for_classes(data.classes)
    how = titled(now, with_unit=not now.same_unit(Convention()))
    how = how if now.title else f"{how[:1].lower()}{how[1:]}"
    why = "as before" if kept else "as it was saved"
    return [Span(f" Read as {how}, {why}; the As menu has By hand and others.")]


def _stands(data: Explanation, decimals: int) -> Spans:
    """Where both metrics stand, for numbers that have nothing to do with those before."""
    after = data.after
    if not after.n:
        return [Span("No row has a label yet: give one in the label column to see both metrics.")]
    missing = after.tally.unlabelled
    tail = f"; {rows(missing)} without a label {agree('do', missing)} not count." if missing else "."
    why = why_not_finite(after, -1, "Cross-entropy is {}{}")
    loss = Span(why or f"Cross-entropy is {number(after.entropy, decimals)} {unit(after.convention)}", "loss")
    hits = Span(f"accuracy is {after.hits:,} of {rows(after.n)}", "accuracy")
    return [loss, Span(", and "), hits, Span(tail)]


def epoch(data: Explanation, decimals: int) -> Spans:
    """Another epoch."""
    return [Span(f"Epoch {data.row + 1} is shown.", "strong"), Span(" "), *_stands(data, decimals)]


def page(data: Explanation, _: int) -> Spans:
    """Another page of more rows than are held one by one."""
    head = f"{data.name[:1].upper()}{data.name[1:]}: the grid and the views show these rows."
    return [Span(head, "strong"), Span(" The tiles count all.")]


def steps(data: Explanation, decimals: int) -> Spans:
    """Several steps at once."""
    count = abs(data.steps)
    what = f"{count:,} steps" if count > 1 else "Several steps"
    touched = f", {rows(data.rows)} changed" if data.rows else ""
    numbers = both(data, decimals) if data.compares else _stands(data, decimals)
    return [Span(f"{what}{touched}.", "strong"), Span(" "), *numbers]
