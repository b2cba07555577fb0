"""Which column of a table with a header is the label."""

from __future__ import annotations

from collections.abc import Sequence

from lossacc_gui.files.cells import Row, column, has_fractions, is_missing, number
from lossacc_gui.files.choices import Ambiguous, Choices, Option, Question, chosen
from lossacc_gui.files.names import LABEL_WORDS, listed
from lossacc_gui.files.pairing import says_labels, says_predictions
from lossacc_gui.files.refusals import short

_REMEDY = "call the column of labels 'label'"


def label_column(
    names: list[str],
    free: list[int],
    rest: Sequence[Row],
    decimal_comma: bool,
    classes: set[str],
    choices: Choices,
) -> tuple[int | None, str]:
    """The place of the labels, and a note where their name does not say it. Raises Ambiguous.

    It is the column whose name is the first of the words for a label and whose cells can be labels; else the only
    one whose name has such a word in it, as true_label, or whose cells are names of classes.
    """
    question = _which_label(names, free)
    if (decided := chosen(choices, question)) is not None:
        return places(names).get(decided), ""
    called = [i for word in LABEL_WORDS for i in free if names[i].lower() == word]
    for i in called:
        if not has_fractions(i, rest, decimal_comma) or _texts(i, rest) <= classes:
            return i, ""
    doubtful = next((i for i in called if names[i].lower() != "y"), None)
    if doubtful is not None:
        what = "it holds numbers that are not whole, and so no labels"
        remedy = "give class names or indices, or give every class's column a name such as prob_cat"
        raise Ambiguous(f"column {short(names[doubtful])!r}", what, remedy, question)
    others = [i for i in free if i not in called and says_predictions(names[i]) is None and _texts(i, rest)]
    said = [i for i in others if says_labels(names[i]) is not None]
    said = [i for i in said if not has_fractions(i, rest, decimal_comma)]
    found = said or [i for i in others if _are_names(i, rest, decimal_comma) and _texts(i, rest) <= classes]
    if len(found) > 1 and len(found) < len(free):
        what = f"{listed([names[i] for i in found])} may each be the labels"
        raise Ambiguous("header", what, _REMEDY, question)
    if len(found) != 1:
        return None, ""  # x, y: two classes
    why = (
        ""
        if said
        else f"column {short(names[found[0]])!r} was taken for the labels: it holds names of classes"
    )
    return found[0], why


def places(names: list[str]) -> dict[str, int]:
    """How a choice calls each column, and its place: by its name, or by its number where it has none."""
    return {name or f"column {i + 1}": i for i, name in enumerate(names)}


def _texts(place: int, rest: Sequence[Row]) -> set[str]:
    """What there is in a column, but for missing labels."""
    return {cell for cell in column(place, rest) if not is_missing(cell)}


def _are_names(place: int, rest: Sequence[Row], decimal_comma: bool) -> bool:
    """Whether all of a column is text."""
    return all(number(cell, decimal_comma) is None for cell in _texts(place, rest))


def _which_label(names: list[str], free: list[int]) -> Question:
    called = {i: name for name, i in places(names).items()}
    named = [Option(called[i], short(called[i])) for i in free if i in called]
    options = (Option("", "none: the rows are shown and not counted"), *named)
    return Question("label", "Which column holds the labels?", options)
