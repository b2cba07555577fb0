"""Filters as somebody types them: wrong loss>2 label=fox."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import isnan

from lossacc_gui.core.filtering import (
    All,
    Between,
    Filter,
    LabelHas,
    LabelIs,
    Outside,
    PredictionIs,
    Right,
    SumOff,
    Tied,
    Unlabelled,
    Wrong,
)
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import parse_number

WORDS: dict[str, Filter] = {
    "wrong": Wrong(),
    "right": Right(),
    "correct": Right(),
    "tied": Tied(),
    "unlabelled": Unlabelled(),
    "sumoff": SumOff(),
    "odd": Outside(),
}
COLUMNS = {
    "loss": "loss",
    "margin": "margin",
    "p": "p_label",
    "p(label)": "p_label",
    "confidence": "confidence",
    "sum": "total",
}
CLASSES: dict[str, Callable[[int], Filter]] = {
    "label": LabelIs,
    "prediction": PredictionIs,
    "predicted": PredictionIs,
}

HELP = "wrong, right, tied, unlabelled, sumoff, odd · loss>2, margin<0, p≥0.9, confidence, sum · label=fox, prediction=fox"
"""What can be typed, in one line."""

_TOKEN = re.compile(r'(?:"[^"]*"|[^\s"])+')
_COMPARED = re.compile(r"(?P<name>[^<>=≤≥]+?)(?P<sign><=|>=|[<>=≤≥])(?P<value>.*)")


def parse_filter(text: str, names: Sequence[str], nats: float = 1.0) -> Filter:
    """The filter somebody typed: conditions with blanks between them, all of which have to hold.

    ``names`` are the classes', ``nats`` how many nats one unit of a typed loss is. A name with blanks
    stands in quotation marks. A word that is no condition is looked for in the labels' names. Raises
    Refusal for what cannot be read.
    """
    spaced = re.sub(r"\s*(<=|>=|[<>=≤≥])\s*", r"\1", text.strip())
    parts = tuple(_condition(token, names, nats) for token in _TOKEN.findall(spaced))
    if not parts:
        raise Refusal("filter", "it is empty", f"type conditions such as {HELP}")
    return parts[0] if len(parts) == 1 else All(parts)


def _condition(token: str, names: Sequence[str], nats: float) -> Filter:
    if known := WORDS.get(token.casefold()):
        return known
    compared = _COMPARED.fullmatch(token)
    if compared is None:
        return _label(token.replace('"', ""), names)
    name, sign = compared["name"].casefold(), compared["sign"]
    value = compared["value"].replace('"', "")
    if name in CLASSES and sign == "=":
        return CLASSES[name](class_named(value, names))
    if name not in COLUMNS:
        raise Refusal("filter", f"“{token}” is no condition", f"use {HELP}")
    return _between(COLUMNS[name], sign, parse_number(value) * (nats if name == "loss" else 1.0))


def _between(column: str, sign: str, value: float) -> Filter:
    if isnan(value):
        raise Refusal("filter", "nothing can be compared with an undefined number", "type a number")
    if sign == "=":
        return Between(column, value, value)
    if sign in (">", ">=", "≥"):
        return Between(column, low=value, low_open=sign == ">")
    return Between(column, high=value, high_open=sign == "<")


def _label(text: str, names: Sequence[str]) -> Filter:
    try:
        return LabelIs(class_named(text, names))
    except Refusal:
        if any(text.casefold() in name.casefold() for name in names):
            return LabelHas(text)
        raise Refusal("filter", f"“{text}” is no condition and in no class's name", f"use {HELP}") from None


def class_named(text: str, names: Sequence[str]) -> int:
    """The class of this name, in any case if that leaves no doubt, or of this index from 0."""
    text = text.strip()
    if text in names:
        return names.index(text)
    folded = [i for i, name in enumerate(names) if name.casefold() == text.casefold()]
    if len(folded) == 1:
        return folded[0]
    if text.isascii() and text.isdecimal() and int(text) < len(names):
        return int(text)
    raise Refusal(
        "class", f"“{text}” is none of the {len(names):,} classes", "type its name, or its index from 0"
    )
