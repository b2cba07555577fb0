"""How classes are called in sentences and pictures: cut where they are long, and never like another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from lossacc_gui.core.wording import shortened

DOTS = "…"

LEAST_END = 2
"""So many characters at least are left of an end of a name: fewer say nothing."""

SYLLABLE = 4
"""An end begins with a word rather than with fewer characters than this of the one before."""

TRIED = 6
"""So many of the places are tried at which a name differs from others that begin and end like it."""


def called(names: Sequence[str], index: int, most: int = 24) -> str:
    """A class in a sentence or a plot, in so many characters: "class 7" when its name is a number."""
    name = names[index]
    return shortened(name, most) if len(name) <= most or name.isdecimal() else cut(name, most, tuple(names))


@lru_cache(maxsize=4096)
def cut(name: str, most: int, names: tuple[str, ...]) -> str:
    """A name in at most so many characters, as none of the other ``names`` could be cut: at its end, else in the
    middle, else around what only it has; if there is no such way, like as few of them as can be."""
    if len(name) <= most:
        return name
    others = [other for other in names if len(other) > most and other != name]
    best, fewest = shortened(name, most), len(others) + 1
    for parts in _ways(name, most, others):
        alike = sum(_fits(other, parts) for other in others)
        if alike < fewest:
            best, fewest = DOTS.join(part.strip() for part in parts), alike
        if not alike:
            break
    return best


def _ways(name: str, most: int, others: list[str]) -> Iterator[tuple[str, ...]]:
    """What may be left of a name: parts between which something is left out."""
    room = most - len(DOTS)
    yield name[:room], ""
    for end in (room // 3, room // 2, room - room // 3, room - LEAST_END):
        if LEAST_END <= end <= room - LEAST_END:
            part, blank, whole = name[len(name) - end :].partition(" ")
            words = bool(blank) and len(part) < SYLLABLE and len(whole) >= LEAST_END
            yield name[: room - end], whole if words else name[len(name) - end :]
    room -= len(DOTS)
    start = room // 3
    if start < LEAST_END:
        return
    for at in sorted({_shared(name, other) for other in others})[-TRIED:]:
        begin = max(start, min(at - 1, len(name) - (room - start)))
        yield name[:start], name[begin : begin + room - start], ""
        begin = max(start, min(at, len(name) - 2 * start))
        yield name[: room - 2 * start], name[begin : begin + start], name[len(name) - start :]


def _shared(name: str, other: str) -> int:
    """With how many characters both begin."""
    pairs = enumerate(zip(name, other, strict=False))
    return next((at for at, (one, two) in pairs if one != two), min(len(name), len(other)))


def _fits(name: str, parts: tuple[str, ...]) -> bool:
    """Whether it could be cut to these parts, too."""
    first, *middle, last = parts
    return name.startswith(first) and name.endswith(last) and all(part in name for part in middle)
