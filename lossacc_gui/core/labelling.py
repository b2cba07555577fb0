"""The label somebody means by a text: a class name, an index, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lossacc_gui.core.predictions import MISSING, NO_LABEL
from lossacc_gui.core.refusal import Refusal


class LabelReader:
    """Reads labels of these class names, any number of them in no time."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._exact = {name: i for i, name in enumerate(names)}
        folded = Counter(name.lower() for name in names)
        self._folded = {name.lower(): i for i, name in enumerate(names) if folded[name.lower()] == 1}

    def __call__(self, text: str) -> int:
        """The class a text means: its name, before "no label", before the name in any case, before an index.

        Raises Refusal when it is none of these.
        """
        text = text.strip()
        if (known := self._exact.get(text)) is not None:
            return known
        if text.lower() in MISSING:
            return NO_LABEL
        if (known := self._folded.get(text.lower())) is not None:
            return known
        if text.isdecimal() and int(text) < len(self._names):
            return int(text)
        raise Refusal(
            "label",
            f"“{text[:40]}” is none of the {len(self._names):,} classes",
            "pick one, or type its index from 0",
        )

    def reads(self, text: str) -> bool:
        """Whether a text is a label."""
        try:
            self(text)
        except Refusal:
            return False
        return True


def fitting(names: Sequence[str], text: str) -> list[int]:
    """The classes whose names contain a text, in any case.

    Those that begin with it come first, then those with a word that does, then the others.
    """
    text = text.strip().lower()
    ranks: tuple[list[int], list[int], list[int]] = ([], [], [])
    for i, name in enumerate(names):
        at = (folded := name.lower()).find(text)
        while at > 0 and folded[at - 1].isalnum() and (later := folded.find(text, at + 1)) > 0:
            at = later
        if at >= 0:
            ranks[0 if folded.startswith(text) else 2 if folded[at - 1].isalnum() else 1].append(i)
    return [*ranks[0], *ranks[1], *ranks[2]]
