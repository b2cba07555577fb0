"""Words and numbers as sentences want them."""

from __future__ import annotations

from math import isfinite, isnan

from lossacc_gui.core.convention import Convention, Reduction
from lossacc_gui.core.explanation import Span
from lossacc_gui.core.wording import brief, number


def same(one: float, other: float) -> bool:
    """Equal, or both undefined."""
    return one == other or (isnan(one) and isnan(other))


def verb(was: float, now: float) -> str:
    """Which way a number went."""
    return "rose" if now > was else "fell" if now < was else "went"


def pair(was: float, now: float) -> str:
    """ "0.40 to 0.30", with as many decimals as it takes to tell them apart."""
    decimals = 4
    while brief(was, decimals) == brief(now, decimals) and decimals < 17:
        decimals += 1
    return f"{_cell(was, decimals)} to {_cell(now, decimals)}"


def _cell(value: float, decimals: int) -> str:
    return "NaN" if isnan(value) else "0" if value == 0 else brief(value, decimals)


def exactly(value: float) -> str:
    """A number with every digit it has."""
    return number(value) if not isfinite(value) else repr(value)


def tiny(value: float) -> str:
    """A very small number with one digit, as in 3e-17."""
    return f"{abs(value):.1g}"


def listed(names: tuple[str, ...]) -> str:
    """Names in a row, the last after "and"."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def bare(name: str) -> str:
    """A class name behind the word class."""
    return name.removeprefix("class ")


def agree(verb: str, count: int) -> str:
    """The verb for one or for several."""
    one = {"do": "does", "give": "gives", "are": "is", "has": "has", "were": "was", "their": "its"}
    return one.get(verb, verb) if count == 1 else {"has": "have"}.get(verb, verb)


def capital(span: Span) -> Span:
    """The span with a large first letter."""
    return Span(span.text[0].upper() + span.text[1:], span.style)


def unit(convention: Convention) -> str:
    """What cross-entropy is counted in."""
    return f"{convention.base} (sum)" if convention.reduction is Reduction.SUM else str(convention.base)
