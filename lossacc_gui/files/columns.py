"""Which columns of a table are classes, and which one is the label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.cells import (
    Row,
    column,
    has_fractions,
    is_blank,
    is_missing,
    is_nearly_number,
    number,
    texts_in,
)
from lossacc_gui.files.choices import Ambiguous, Choices, Option, Question, chosen
from lossacc_gui.files.header import counts_columns, has_header
from lossacc_gui.files.label_column import label_column, places
from lossacc_gui.files.names import (
    CLASS_PREFIXES,
    INDEX_WORDS,
    LABEL_WORDS,
    LOGGED,
    PREDICTED_WORDS,
    PREDICTION_WORDS,
    SAMPLE_WEIGHT_WORDS,
    WEIGHT_WORDS,
    listed,
)
from lossacc_gui.files.one_hot_columns import one_hot_columns
from lossacc_gui.files.refusals import short
from lossacc_gui.files.unnamed_columns import beside_classes, without_header

_REMEDY = "give every class a column of numbers, separated by comma, tab or semicolon"


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the class columns and of the label, counted from 0; names where there is a header.

    ``score_of`` is the name of the only class column; ``whole`` are columns that were left out
    because they hold labels, and must then do so in every row.
    """

    classes: tuple[int, ...]
    label: int | None
    width: int
    names: tuple[str, ...] | None = None
    header: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    score_of: str | None = None
    whole: tuple[int, ...] = ()
    weight: int | None = None
    marks: tuple[int, ...] = ()
    """Of one-hot labels: the place of each class's mark."""

    def title(self, place: int) -> str:
        """How a message calls a column."""
        if self.header is None or not self.header[place].strip():
            return f"column {place + 1}"
        return f"column {short(self.header[place])!r}"


def find_columns(
    sample: Sequence[Row],
    decimal_comma: bool,
    line: str = "line 1",
    choices: Choices = Choices(),  # noqa: B008 - frozen, so one for all is safe
    *,
    predictions: bool = True,
) -> Columns:
    """The columns of a table, from its first records; ``line`` names the first of them.

    Where it holds ``predictions``, whole numbers beside fractions may be labels; else they are a one-hot matrix.

    Raises Refusal, and Ambiguous where it takes somebody to decide.
    """
    first, rest = sample[0], [record for record in sample[1:] if record]
    if has_header(first, rest, decimal_comma, line):
        return with_header(first, rest, decimal_comma, line, choices)
    texts = [i for i in texts_in(first, decimal_comma) if not _is_all_numbers(i, sample)]
    if not texts and predictions:
        if counts_columns(first, rest):
            return replace(_all_numbers(rest, decimal_comma, line, choices), header=tuple(first))
        return _all_numbers(sample, decimal_comma, line, choices)
    empty = [i for i in texts if is_blank(i, sample)]
    label = next((i for i in texts if i not in empty), empty[-1] if empty else None)
    left_out = [i for i in empty if i != label]
    if len(texts) - len(empty) > 1:
        label = _among_texts([i for i in texts if i not in empty], first, line, choices)
        left_out = [i for i in texts if i != label]
    classes = tuple(i for i in range(len(first)) if i != label and i not in left_out)
    return _checked(Columns(classes, label, len(first), notes=_left_out(left_out, None)), line)


def _all_numbers(sample: Sequence[Row], decimal_comma: bool, line: str, choices: Choices) -> Columns:
    """The columns of a table of numbers without a header, of which the last or the first may be the labels."""
    width = len(sample[0])
    label, index = without_header(sample, decimal_comma, line, choices)
    said = () if label is None else (f"column {label + 1} was taken for the labels: whole numbers",)
    notes = (*said, *_left_out([] if index is None else [index], None))
    classes = tuple(i for i in range(width) if i not in (label, index))
    return _checked(Columns(classes, label, width, notes=notes), line)


def with_header(
    header: Row,
    rest: Sequence[Row],
    decimal_comma: bool = False,
    line: str = "line 1",
    choices: Choices = Choices(),  # noqa: B008 - frozen, so one for all is safe
) -> Columns:
    """The columns by their names. Without ``rest`` every column is taken to hold what its name says."""
    names = [name.strip() for name in header]
    if any(re.search("loss|acc", name, re.IGNORECASE) for name in names) and all(
        LOGGED.fullmatch(name.lower()) for name in names
    ):
        what = "these are the metrics of a training log, and no predictions"
        raise Refusal(line, what, "save what the model predicts, a row a sample and a column a class")
    decided = chosen(choices, _which_classes(names)) if choices.get("classes") else None
    if decided is None and not choices.get("label") and (pairs := one_hot_columns(names, rest)):
        return _one_hot(header, names, pairs)
    prefixed = _prefixed(names) if decided is None else _taken(names, decided)
    free = [i for i in range(len(names)) if i not in prefixed]
    weight = _weight(names, free, rest, decimal_comma, bool(prefixed)) if len(names) > 2 else None
    free = [i for i in free if i != weight]
    of_classes = set(prefixed.values()) or set(names)
    label, why = label_column(names, free, rest, decimal_comma, of_classes, choices)
    whole: list[int] = []
    if not prefixed:
        whole = _labels_left_out(names, label, rest, decimal_comma)
        aside = {i for i in free if i in whole or _is_aside(i, names[i], rest)} - {label}
        prefixed = {i: names[i] for i in free if i != label and i not in aside}
        for i in beside_classes(list(prefixed), rest, decimal_comma):
            del prefixed[i]
        if not prefixed and rest:
            prefixed, whole = _argmax_alone(names, whole, rest), []
        _check(prefixed, names, rest, line)
    left_out = [i for i in free if i not in (label, *prefixed)]
    # One column is two classes, and its header ("score") perhaps the name of neither.
    bare = _bare(tuple(prefixed.values()), label, rest)
    found = Columns(
        tuple(prefixed),
        label,
        len(names),
        bare if len(bare) > 1 else None,
        tuple(header),
        (*filter(None, (why,)), *_left_out(left_out, names)),
        bare[0] if len(bare) == 1 else None,
        tuple(whole),
        weight,
    )
    return _checked(found, line)


def _one_hot(header: Row, names: list[str], pairs: dict[int, tuple[str, int]]) -> Columns:
    """The columns of a table in which every class has one of numbers and one of marks."""
    classes, marks = tuple(name for name, _ in pairs.values()), tuple(at for _, at in pairs.values())
    left_out = [i for i in range(len(names)) if i not in pairs and i not in marks]
    notes = (f"labels are one-hot, in {listed([names[i] for i in marks])}", *_left_out(left_out, names))
    return Columns(tuple(pairs), None, len(names), classes, tuple(header), notes, marks=marks)


def _bare(names: tuple[str, ...], label: int | None, rest: Sequence[Row]) -> tuple[str, ...]:
    """Class names without what all begin with, as in p_cat and p_dog, where the labels are called so."""
    first, last = min(names, default=""), max(names, default="")  # what these two begin with, all do
    alike = next((i for i, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), 0)
    length = 1 + max(first.rfind(sign, 0, alike) for sign in "_. -")
    labels = set() if label is None else {cell for cell in column(label, rest) if not is_missing(cell)}
    bare = tuple(name[length:] for name in names)
    return bare if length and labels and labels <= set(bare) and not labels <= set(names) else names


def _prefixed(names: list[str]) -> dict[int, str]:
    """Class names of the columns that say they are classes, of one way of saying it."""
    for pattern in CLASS_PREFIXES:
        found = {i: re.fullmatch(pattern, name, re.IGNORECASE | re.DOTALL) for i, name in enumerate(names)}
        classes = {i: match[1].strip() for i, match in found.items() if match}
        if classes:
            return classes
    return {}


def _which_classes(names: list[str], among: tuple[int, ...] | None = None) -> Question:
    options = tuple(
        Option(name, short(name)) for name, i in places(names).items() if among is None or i in among
    )
    return Question("classes", "Which columns hold the numbers of a class?", options, several=True)


def _taken(names: list[str], decided: str) -> dict[int, str]:
    """The class columns somebody named, by place, and what their class is called."""
    place_of = places(names)
    taken = {place_of[name]: name for name in decided.split("\t")}
    prefixed = _prefixed([taken[i] for i in sorted(taken)])
    return {i: prefixed.get(at, taken[i]) for at, i in enumerate(sorted(taken))}


def _among_texts(texts: list[int], first: Row, line: str, choices: Choices) -> int:
    """The label among several columns of text that no header names."""
    options = tuple(Option(f"column {i + 1}", f"column {i + 1}: {short(first[i])}") for i in texts)
    question = Question("label", "Which column of text holds the labels?", options)
    if (decided := chosen(choices, question)) is not None:
        return int(decided.removeprefix("column ")) - 1
    what, remedy = f"{len(texts)} columns of text and no header", "give a first line that names the columns"
    raise Ambiguous(line, what, remedy, question)


def _weight(
    names: list[str], free: list[int], rest: Sequence[Row], decimal_comma: bool, prefixed: bool
) -> int | None:
    """The column of sample weights, by its name. Raises Ambiguous where it may be a class of logits."""
    called = [i for word in WEIGHT_WORDS for i in free if names[i].lower() == word]
    if not called:
        return None
    place = called[0]
    values = [number(cell, decimal_comma) for cell in column(place, rest)]
    sure = prefixed or names[place].lower() in SAMPLE_WEIGHT_WORDS
    if not sure and any(value is not None and value < 0 for value in values):
        what = "it holds negative numbers, and so no weights of rows"
        remedy = "call every column of a class prob_ and its name, or remove the weights"
        raise Ambiguous(f"column {short(names[place])!r}", what, remedy, _which_classes(names, tuple(free)))
    return place


def _labels_left_out(
    names: list[str], label: int | None, rest: Sequence[Row], decimal_comma: bool
) -> list[int]:
    """The columns called like labels or an argmax that hold such."""
    words = (*LABEL_WORDS, *PREDICTED_WORDS)
    called = [i for i, name in enumerate(names) if i != label and name.lower() in words]
    return [i for i in called if not has_fractions(i, rest, decimal_comma)]


def _is_aside(place: int, name: str, rest: Sequence[Row]) -> bool:
    """Whether a column is an index, or holds texts; a bad cell among numbers is to be shown instead."""
    if name.lower() in INDEX_WORDS or (place == 0 and not name):
        return True
    if is_blank(place, rest):
        return not name
    return bool(rest) and not any(is_nearly_number(cell) for cell in column(place, rest))


def _argmax_alone(names: list[str], whole: list[int], rest: Sequence[Row]) -> dict[int, str]:
    """A column called like an argmax, when there is nothing else and all of it is 0 or 1: a sure score."""
    called = [i for i in whole if names[i].lower() in PREDICTED_WORDS]
    for i in called:
        if {number(cell) for cell in column(i, rest)} <= {0.0, 1.0}:
            return {i: names[i]}
    if called:
        what = "it holds predicted classes, and no column their probabilities"
        raise Refusal(f"column {short(names[called[0]])!r}", what, _REMEDY)
    return {}


def _check(classes: dict[int, str], names: list[str], rest: Sequence[Row], line: str) -> None:
    """Raise Refusal for a class column without a name or without a cell, and for two predictions."""
    for i, name in classes.items():
        if not name:
            raise Refusal(
                f"{line}, column {i + 1}",
                "its header is empty",
                "name the class, or leave the header out",
            )
        if is_blank(i, rest):
            what = "it is empty"
            raise Refusal(
                f"column {short(name)!r}", what, "write nan where there is no number, or remove the column"
            )
    both = [names[i] for i in classes if names[i].lower() in PREDICTION_WORDS]
    if len(both) > 1:
        what = f"{listed(both)} may each be the predictions"
        remedy = "remove all but one, or call the columns prob_ and the class"
        raise Ambiguous(line, what, remedy, _which_classes(names, tuple(classes)))


def _is_all_numbers(place: int, sample: Sequence[Row]) -> bool:
    """Whether every text in a column was meant as a number: it is to be refused, and is no label."""
    cells = [cell for cell in column(place, sample) if not is_missing(cell)]
    return any(number(c) is None for c in cells) and all(is_nearly_number(c) for c in cells)


def _left_out(places: list[int], names: list[str] | None) -> tuple[str, ...]:
    shown = [(names[i] if names else "") or f"column {i + 1}" for i in places]
    return (f"columns left out: {listed(shown)}",) if shown else ()


def _checked(columns: Columns, line: str) -> Columns:
    if not columns.classes:
        raise Refusal(line, "no column of numbers", _REMEDY)
    return columns
