"""How numbers are written in sentences, tiles and cells."""

from __future__ import annotations

from enum import StrEnum
from math import inf, isfinite, isinf, isnan

from lossacc_gui.core.refusal import Refusal

MINUS = "−"
UNDEFINED = "–"


def number(value: float | None, decimals: int = 4) -> str:
    """A number with fixed decimals; ∞ and an en dash for what is infinite or undefined.

    A number that is not 0 and would be written as 0, or one of a million and more, is written in
    powers of ten instead. So more decimals never say fewer digits, neither is one with a single digit left of
    those beyond four.
    """
    if value is None or isnan(value):
        return UNDEFINED
    if isinf(value):
        return "∞" if value == inf else MINUS + "∞"
    size = abs(value)
    text = f"{size:.{decimals}f}"
    lean = decimals > 4 and size < 10.0 ** (1 - decimals)
    if value and (float(text) == 0 or lean or size >= 1e6):
        text = f"{size:.2g}" if size < 1 else f"{size:.{decimals}g}"
    return MINUS + text if value < 0 else text


def in_words(value: float | None) -> str:
    """A number in a sentence, where one that is undefined is called so."""
    text = number(value)
    return "undefined" if text == UNDEFINED else text


class Form(StrEnum):
    """How the numbers of the grid are written."""

    DECIMALS = "decimals"
    PERCENT = "percent"
    SCIENTIFIC = "scientific"


def written(value: float, decimals: int, form: Form) -> str:
    """A number in this form. Percent and powers of ten get two decimals less, to say about as much."""
    if form is Form.DECIMALS or not isfinite(value):
        return number(value, decimals)
    fewer = max(decimals - 2, 0)
    if form is Form.PERCENT:
        return number(100 * value, fewer) + "%"
    return f"{value:.{fewer}e}".replace("-", MINUS, 1) if value < 0 else f"{value:.{fewer}e}"


def signed(value: float | None, decimals: int = 4) -> str:
    """A change: a number with its sign, ± in front of an exact 0."""
    if value is None or isnan(value):
        return UNDEFINED
    if value == 0:
        return "±" + number(0.0, decimals)
    return number(value, decimals) if value < 0 else "+" + number(value, decimals)


def share(value: float | None, decimals: int = 1) -> str:
    """A share as percent; 100.0% only when it is all and 0.0% only when it is none."""
    if value is None or isnan(value):
        return UNDEFINED
    text = f"{100 * value:.{decimals}f}"
    while decimals < 6 and ((text.startswith("100") and value < 1) or (float(text) == 0 and value > 0)):
        decimals += 1
        text = f"{100 * value:.{decimals}f}"
    return text + "%"


def shares(low: float | None, high: float | None, decimals: int = 1) -> str:
    """Two shares, with as many decimals as it takes to tell them apart."""
    texts = [(share(low, more), share(high, more)) for more in range(decimals, 7)]
    one, other = next((pair for pair in texts if pair[0] != pair[1]), texts[0])
    return f"{one} – {other}"


def rows(count: int) -> str:
    """A count of rows in words."""
    return counted(count, "row")


def counted(count: int, what: str) -> str:
    """A count of something in words: 1 cell, 12 cells, 2 classes."""
    many = f"{what}es" if what.endswith("s") else f"{what}s"
    return f"{count:,} {what if count == 1 else many}"


def all_of(count: int, what: str) -> str:
    """All of something there is so many of: the only row, both rows, all 3 rows."""
    return {1: f"the only {what}", 2: f"both {counted(2, what)[2:]}"}.get(
        count, f"all {counted(count, what)}"
    )


def are(count: int, one: str = "is", many: str = "are") -> str:
    """The verb that goes with so many: 1 is, 2 are; or another, "has" and "have"."""
    return one if count == 1 else many


def parse_number(text: str) -> float:
    """The number somebody typed: 0.25, 0,25, 25%, 1/4, inf, ∞ or nan. Raises Refusal for anything else."""
    try:
        if "_" not in text:
            return float(text)  # what most texts are, in a tenth of the time
    except ValueError:
        pass
    plain = text.strip().replace(MINUS, "-").replace("∞", "inf").replace(",", ".")
    scale = 0.01 if plain.endswith("%") else 1.0
    top, slash, bottom = plain.removesuffix("%").partition("/")
    try:
        if "_" in plain or text.count(",") > 1 or ("," in text and "." in text):
            raise ValueError
        return float(top) * scale / (float(bottom) if slash else 1.0)
    except (ValueError, ZeroDivisionError):
        raise Refusal("", f"“{text}” is no number", "type one such as 0.25, 25% or 1/4") from None


def shortened(name: str, most: int = 24) -> str:
    """A class name as it stands in a sentence or a plot: cut when long, "class 7" when it is a number."""
    if name.isdecimal():
        return f"class {name}"
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def brief(value: float | None, decimals: int = 4) -> str:
    """A number without the zeros that say nothing, but two decimals at least: 0.30, 0.3125."""
    text = number(value, decimals)
    whole, point, digits = text.partition(".")
    if not point or not digits.isdigit():
        return text
    return f"{whole}.{digits.rstrip('0').ljust(min(2, decimals), '0')}"
