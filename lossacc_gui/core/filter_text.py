"""Filters as somebody types them: wrong label 2 loss>2; and as headings, chips and sentences say them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from math import isnan, log

from lossacc_gui.core.between import Between, RowsBetween
from lossacc_gui.core.filtering import (
    All,
    Filter,
    LabelHas,
    LabelIs,
    Not,
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

PHRASES: dict[str, Filter] = {
    r"wrong|incorrect|misclassified|mistakes?|errors?": Wrong(),
    r"right|correct|hits?": Right(),
    r"(label )?tied|ties?( of \d+)?": Tied(),
    r"unlabell?ed|(no|without( a)?) labels?": Unlabelled(),
    r"sums? ?off|row sum not 1|((do|does) )?not sum(ming)? to 1": SumOff(),
    r"odd|outside( 0[-–]1)?|(cells that are )?no probabilit(y|ies)": Outside(),
}
"""What can be said in words."""

COLUMNS = {
    r"(row )?loss|cross-entropy|nll": "loss",
    r"margin": "margin",
    r"[pz] ?\(label\)|p_label|p": "p_label",
    r"confidence": "confidence",
    r"(row )?sum|Σ": "total",
}
"""Which columns of RowStats can be compared with a number."""

CLASSES: dict[str, Callable[[int], Filter]] = {
    r"labell?ed|label|class|true|truth|target|actual": LabelIs,
    r"predicted( as)?|prediction|pred": PredictionIs,
}

SIGNS = {
    "≠": r"!=|<>|≠|is not\b",
    "≤": r"<=|=<|≤|at most\b",
    "≥": r">=|=>|≥|at least\b",
    "<": r"<|(is )?(below|under|(less|smaller) than)\b",
    ">": r">|(is )?(above|over|(more|greater|larger) than)\b",
    "=": r"==?|:|is\b",
}

HELP = (
    "wrong, right, tied, unlabelled, sum off, odd · label 2, predicted fox · loss>2, margin<0, p≥0.9, confidence, "
    "sum, fox<0.5 · rows 5-10 · not before any of them"
)
"""What can be typed, in one line."""

_END = r"(?![^\s,;·&<>=≤≥≠!:])"
_COMPARES = r"(?= ?(?:[<>=≤≥≠!:]|(?:is|at|below|under|less|smaller|above|over|more|greater|larger)\b))"
_VALUE = r"[^\s;·&<>=≤≥≠]+"
_RANGE = r" (?:between |from )?(-?[\d.]+%?) ?(?:-|–|to|and) ?(-?[\d.]+%?)" + _END
_WHOLE = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_QUOTED = r'"([^"]*)"|“([^”]*)”'
_LINKS = r"(?:[ ,;·&]|(?:and|with|where|whose|that|are|is|only|the|(?:[\d,]+(?: of [\d,]+)? )?rows?(?! ?[\d#]| sum))\b)*"
"""What may stand between two conditions and says nothing."""


def parse_filter(text: str, names: Sequence[str], nats: float = 1.0, rows: int | None = None) -> Filter:
    """The filter somebody typed: conditions one after the other, all of which have to hold.

    ``names`` are the classes', ``nats`` how many nats one unit of a typed loss is, ``rows`` how many rows there
    are, where that is known. A word that is no condition is looked for in the labels' names. Raises Refusal for
    what cannot be read.
    """
    parts = tuple(_Reader(text, names, nats, rows).conditions())
    if not parts:
        raise Refusal("filter", "it is empty", f"type conditions such as {HELP}")
    return parts[0] if len(parts) == 1 else All(parts)


def class_named(text: str, names: Sequence[str]) -> int:
    """The class of this name, in any case if that leaves no doubt, or of this index from 0; "class 2" is either."""
    text = text.strip()
    bare = re.sub("^class ", "", text, flags=re.IGNORECASE).strip()
    for name in (text, bare, f"class {bare}"):  # "label 2" is what is said of one called "class 2"
        if name in names:
            return names.index(name)
        folded = [i for i, each in enumerate(names) if each.casefold() == name.casefold()]
        if len(folded) == 1:
            return folded[0]
    if bare.isascii() and bare.isdecimal() and int(bare) < len(names):
        return int(bare)
    raise Refusal(
        "class", f"“{text}” is none of the {len(names):,} classes", "type its name, or its index from 0"
    )


class _Reader:
    """Reads one condition after the other. Each way of reading leaves the text alone when it is not the one."""

    def __init__(self, text: str, names: Sequence[str], nats: float, rows: int | None) -> None:
        self._text, self._at = " ".join(text.split()), 0
        self._names, self._nats, self._rows = [" ".join(name.split()) for name in names], nats, rows

    def conditions(self) -> list[Filter]:
        """All there are."""
        found: list[Filter] = []
        self._take(_LINKS)
        while self._at < len(self._text):
            found.append(self._condition())
            self._take(_LINKS)
        return found

    def _condition(self) -> Filter:
        ways = (
            self._phrase,
            self._not,
            self._within,
            self._compared,
            self._by_number,
            self._named,
            self._of_class,
        )
        for way in ways:
            begun = self._at
            if (found := way()) is not None:
                return found
            self._at = begun
        return self._word()

    def _take(self, pattern: str) -> re.Match[str] | None:
        """What stands here, if it is that; then it is read."""
        found = re.compile(pattern, re.IGNORECASE).match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _phrase(self) -> Filter | None:
        whole = _END + "(?! ?[<>=≤≥≠])"
        return next((chosen for said, chosen in PHRASES.items() if self._take(f"(?:{said}){whole}")), None)

    def _not(self) -> Filter | None:
        return Not(self._condition()) if self._take("not ") else None

    def _within(self) -> Filter | None:
        """Two ends: 0.2 ≤ p < 0.5, or p 0.2-0.5."""
        less = r" ?(<=|<|≤) ?"
        if (low := self._take(f"({_VALUE}){less}")) and (compared := self._column()):
            high = self._take(f"{less}({_VALUE})")
            return high and self._range(compared, low[1], high[2], low[2] == "<", high[1] == "<")
        self._at -= len(low[0]) if low else 0
        if (compared := self._column("(?= )")) and (ends := self._take(_RANGE)):
            return self._range(compared, ends[1], ends[2])
        return None

    def _compared(self) -> Filter | None:
        """One end: p<0.5."""
        compared = self._column(_COMPARES)
        sign = compared and next(
            (sign for sign, said in SIGNS.items() if self._take(f" ?(?:{said}) ?")), None
        )
        if compared is None or sign is None:
            return None
        typed = self._take(_VALUE)
        value = typed[0] if typed else ""
        if sign in "=≠":
            equal = self._range(compared, value, value)
            return equal if sign == "=" else Not(equal)
        ends = (value, "inf") if sign in ">≥" else ("-inf", value)
        return self._range(compared, *ends, sign == ">", sign == "<")

    def _range(
        self,
        compared: tuple[Callable[..., Filter], float],
        low: str,
        high: str,
        low_open: bool = False,
        high_open: bool = False,
    ) -> Filter:
        make, unit = compared
        if unit_said := self._take(" ?(nats|bits)" + _END):
            unit = 1.0 if unit_said[1].casefold() == "nats" else log(2)
        ends = [parse_number(end.rstrip(",")) * unit for end in (low, high)]
        if any(map(isnan, ends)):
            raise Refusal("filter", "nothing can be compared with an undefined number", "type a number")
        return make(*ends, low_open=low_open, high_open=high_open)

    def _column(self, then: str = "") -> tuple[Callable[..., Filter], float] | None:
        """What makes a filter of what is compared, and how many nats or ones its unit is."""
        for said, column in COLUMNS.items():
            if self._take(f"(?:{said}){_END}{then}"):
                return partial(Between, column), self._nats if column == "loss" else 1.0
        column_of_class = self._class()
        if column_of_class is None or (then and self._take(then) is None):
            return None
        return partial(Between, column_of_class), 1.0

    def _by_number(self) -> Filter | None:
        rows = r"rows? ?(?:number |no\. ?|#)?"
        found = self._take(rf"{rows}({_WHOLE})(?: ?(?:-|–|to) ?({_WHOLE}))?{_END}") or self._take(
            rf"({_WHOLE}) ?(?:-|–|to) ?({_WHOLE}){_END}"
        )
        if found is None:
            return None
        first, last = sorted(int(number.replace(",", "")) for number in (found[1], found[2] or found[1]))
        if first < 1 or (self._rows is not None and last > self._rows):
            most = "" if self._rows is None else f" to {self._rows:,}"
            raise Refusal("filter", f"“{found[0]}” is not among the rows", f"type numbers from 1{most}")
        return RowsBetween(first, last)

    def _named(self) -> Filter | None:
        column = self._class()
        return None if column is None else LabelIs(column)

    def _of_class(self) -> Filter | None:
        for said, make in CLASSES.items():
            if not self._take(f"(?:{said}){_END}"):
                continue
            if make is LabelIs and self._take(" (has|contains) "):
                quoted = self._take(_QUOTED) or self._take(f"({_VALUE})()")
                return LabelHas(quoted[1] or quoted[2]) if quoted else None
            sign = self._take(f" ?({SIGNS['≠']}|==?|:|is\\b|as\\b)? ?")
            column = self._class()
            if column is None and (word := self._take(r"[^\s,;]+")):
                column = class_named(word[0], self._names)  # says that it is none
            if column is None:
                raise Refusal(
                    "filter", f"“{self._text}” names no class", "type its name or its index, as in label 2"
                )
            chosen = make(column)
            return Not(chosen) if sign and re.fullmatch(SIGNS["≠"], sign[1] or "") else chosen
        return None

    def _class(self) -> int | None:
        """The class that stands here: the longest name that does, or "class" and a number."""
        begun, rest = self._at, self._text[self._at :]
        names = [
            rest[: len(name)]
            for name in self._names
            if rest[: len(name)].casefold() == name.casefold() and re.match(_END, rest[len(name) :])
        ]
        if quoted := self._take(_QUOTED):
            said = quoted[1] or quoted[2] or ""
        elif names:
            said = max(names, key=len)
            self._at += len(said)
        else:
            number = self._take(rf"(?:class )?\d+{_END}")
            said = number[0] if number else ""
        try:
            return class_named(said, self._names)
        except Refusal:
            self._at = begun
            return None

    def _word(self) -> Filter:
        found = self._take(_QUOTED) or self._take(r"([^\s,;]+)()")
        word = found[1] or found[2] or "" if found else self._text[self._at :]
        if word.casefold() == "or":
            raise Refusal("filter", "“or” is not understood: all conditions have to hold", "type one of them")
        if any(re.fullmatch(said, word, re.IGNORECASE) for said in COLUMNS):
            raise Refusal("filter", f"“{word}” is compared with no number", f"type {word}>0.5 or {word}<0.5")
        if not word or not any(word.casefold() in name.casefold() for name in self._names):
            raise Refusal("filter", f"“{word}” is no condition and in no class's name", f"use {HELP}")
        return LabelHas(word)
