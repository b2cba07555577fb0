"""Access keys: the underlined letter that chooses an entry of an open menu, or a button of a question."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton


def key_of(text: str) -> str:
    """The access key of an entry, in small letters; empty when it has none."""
    _, sign, after = text.replace("&&", "").partition("&")
    return after[:1].lower() if sign else ""


def give_access_keys(entries: Sequence[QAction] | Sequence[QAbstractButton]) -> None:
    """Give a key of its own to every entry of a menu, or button of a dialog, that has none."""
    taken = {key_of(action.text()) for action in entries}
    for action in entries:
        text = action.text()
        if not key_of(text) and (at := _place(text, taken)) >= 0:
            taken.add(text[at].lower())
            action.setText(f"{text[:at]}&{text[at:]}")


def _place(text: str, taken: set[str]) -> int:
    """Where the best free letter or figure is: one that begins a word before any other; -1 for none."""
    free = [
        at for at, sign in enumerate(text) if sign.isascii() and sign.isalnum() and sign.lower() not in taken
    ]
    first = [at for at in free if at == 0 or not text[at - 1].isalnum()]
    return next(iter([*first, *free]), -1)
