"""Why nothing happened: said in the strip until the same part of the window succeeds, or an edit is told."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance

from lossacc_gui.ui.strip import Strip


class Refusing(Protocol):
    """A part of the window that may say why it did nothing."""

    @property
    def refused(self) -> SignalInstance:
        """Carries the reason."""


class Refusals(QObject):
    """Hands the refusals of all parts to the strip, and takes each away once it is out of date."""

    def __init__(self, strip: Strip, parent: QObject) -> None:
        super().__init__(parent)
        self._strip = strip
        self._by: QObject | None = None
        """Who refused last."""
        self._ends: dict[QObject | None, tuple[object, ...]] = {}
        """Whose refusals are out of date when an object sends the signal that says so."""

    def listen(self, *parts: Refusing) -> None:
        """Say what these parts refuse."""
        for part in parts:
            part.refused.connect(self.refuse)

    def end_with(self, signal: SignalInstance, sender: QObject, *parts: object) -> None:
        """Take away what these parts refused when the signal of ``sender`` comes: they have succeeded."""
        self._ends[sender] = parts
        signal.connect(self._on_success)

    def refuse(self, reason: str) -> None:
        """Say why nothing was changed."""
        self._by = self.sender()
        self._strip.refuse(reason.rstrip(". ") + ".")

    def _on_success(self) -> None:
        if self._by is not None and self._by in self._ends[self.sender()]:
            self._by = None
            self._strip.relent()
