"""How a long read or write tells how far it is, and how it learns that nobody wants it any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lossacc_gui.core.stopping import Stopped

__all__ = ["Progress", "Stopped"]


def _quiet(_fraction: float, _what: str) -> None:
    """Report to nobody."""


def _never() -> bool:
    """Never stop."""
    return False


@dataclass(frozen=True, slots=True)
class Progress:
    """Two callables: ``report(fraction, what)`` with 0 <= fraction <= 1, and ``stop()``.

    Both are called from the thread that does the work, many times a second at most.
    """

    report: Callable[[float, str], None] = _quiet
    stop: Callable[[], bool] = _never

    def step(self, done: int, total: int, what: str) -> None:
        """Report ``done`` of ``total``. Raises Stopped when the user wants no more of it."""
        if self.stop():
            raise Stopped
        self.report(min(1.0, done / total) if total > 0 else 1.0, what)
