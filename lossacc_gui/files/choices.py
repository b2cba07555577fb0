"""What a user decides about a file that can be read in several ways, and the questions that ask for it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from lossacc_gui.core.refusal import Refusal

KEYS = {
    "array": "which array, or sheet, holds the predictions",
    "label": "which column or array holds the labels",
    "classes": "which columns are classes",
    "axes": "what the axes are",
    "labels": "how labels name classes",
}
"""Everything there can be to decide, in the order in which it is asked."""

PREVIEW_ROWS = 5
"""So many of the first rows are shown to somebody who chooses."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: ``value`` as a choice holds it, ``text`` what it would mean."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be decided. ``several`` lets more than one option be taken; values are joined by tabs."""

    key: str
    text: str
    options: tuple[Option, ...]
    several: bool = False

    @property
    def signature(self) -> str:
        """The same for files alike: those that raise this question, in these words, with these options."""
        parts = [self.key, self.text, *(option.value for option in self.options)]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Choices:
    """Answers, one a key; a file is read the same whenever its bytes and these are the same.

    ``asked`` collects the keys of what came up when a file was read by these.
    """

    given: tuple[tuple[str, str], ...] = ()
    asked: set[str] = field(default_factory=set, compare=False, repr=False)

    def get(self, key: str) -> str | None:
        """The answer to a question; None where nothing was decided."""
        return dict(self.given).get(key)

    def put(self, key: str, value: str) -> Choices:
        """These and one more."""
        return Choices(tuple({**dict(self.given), key: value}.items()))

    @classmethod
    def of(cls, texts: Sequence[str]) -> Choices:
        """Choices written as ``key=value``. Raises Refusal."""
        found = cls()
        for text in texts:
            key, equals, value = text.partition("=")
            if key not in KEYS or not equals:
                known = "; ".join(f"{key}=… says {what}" for key, what in KEYS.items())
                raise Refusal("--choose", f"{text!r} is no choice", known)
            found = found.put(key, value.replace("\\t", "\t"))
        return found


class Ambiguous(Refusal):
    """Input that can be read in several ways; ``question`` asks which is meant."""

    def __init__(self, where: str, what: str, remedy: str, question: Question) -> None:
        values = ", ".join(repr(option.value) for option in question.options[:4])
        more = ", …" if len(question.options) > 4 else ""
        super().__init__(
            where, what, f"{remedy}, or start with --choose {question.key}=… and one of {values}{more}"
        )
        self.question = question


def chosen(choices: Choices, question: Question) -> str | None:
    """The answer to a question, if there is one. Raises Ambiguous when it is none of the options: the file
    may have changed since it was given."""
    choices.asked.add(question.key)
    value = choices.get(question.key)
    known = {option.value for option in question.options}
    asked = value.split("\t") if value is not None and question.several else [value]
    for part in asked:
        if part is not None and part not in known:
            what = f"{part!r}, which was chosen, is not there"
            raise Ambiguous(f"choice {question.key}", what, "choose anew", question)
    return value
