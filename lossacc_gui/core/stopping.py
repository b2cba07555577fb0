"""How long work ends that nobody wants any more; apart, since who reads a file needs nothing else of the core."""

from __future__ import annotations

from collections.abc import Callable

Pace = Callable[[float], None]
"""What long work calls now and then with the share that is done. It raises Stopped when nobody wants the rest."""


class Stopped(Exception):
    """Long work was stopped on request. Nothing was changed."""


def unhurried(_share: float) -> None:
    """The Pace of work that nobody waits for and nobody stops."""
