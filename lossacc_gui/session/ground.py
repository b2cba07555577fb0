"""Cells that live in a file are only read while the file is what it was: another program may write to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lossacc_gui import files
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import Source


def require_firm(source: Source) -> None:
    """Raise Refusal when the cells live in a file that is not what it was when they were mapped."""
    if not source.mapped or not source.stamp:
        return
    if files.stamp_of(source.path) != source.stamp:
        what = "another program has changed the file, and its cells are read from there"
        raise Refusal(source.path, what, "reload it with F5; write predictions beside and rename instead")


def firm(source: Source, stop: Callable[[], bool]) -> Callable[[], bool]:
    """``stop``, asked before each block, which looks at the file each time. It may raise Refusal."""
    return partial(_asked, source, stop) if source.mapped else stop


def _asked(source: Source, stop: Callable[[], bool]) -> bool:
    require_firm(source)
    return stop()
