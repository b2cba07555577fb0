"""Cells that live in a file are only read while the file is what it was: another program may write to it.

A file that was replaced by another, as a rename does, is no trouble: the map holds on to the old one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lossacc_gui import files
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import State


def is_firm(state: State) -> bool:
    """Whether the cells are those that were mapped. Where the file has become shorter, they stay readable."""
    source = state.source
    if not source.home:
        return True
    now = files.stamp_of(source.home)
    if not files.written_to(source.home_stamp, now):
        return True
    files.keep_readable(state.predictions.probs, now)
    return False


def require_firm(state: State) -> None:
    """Raise Refusal when another program has written to the file the cells live in."""
    if not is_firm(state):
        what = "another program has written to the file, and its cells are read from there"
        remedy = "reload it with F5; predictions are best written beside and renamed"
        raise Refusal(state.source.home, what, remedy)


def firm(state: State, stop: Callable[[], bool]) -> Callable[[], bool]:
    """``stop``, asked before each block, which looks at the file each time. It may raise Refusal."""
    return partial(_asked, state, stop) if state.source.home else stop


def readable(state: State, stop: Callable[[], bool]) -> Callable[[], bool]:
    """``stop``, asked before each block, which sees to it that the cells can be read whatever they are now."""
    return partial(_watched, state, stop) if state.source.home else stop


def _asked(state: State, stop: Callable[[], bool]) -> bool:
    require_firm(state)
    return stop()


def _watched(state: State, stop: Callable[[], bool]) -> bool:
    is_firm(state)
    return stop()
