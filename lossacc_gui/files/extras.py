"""Libraries that only some kinds of file need: there, or asked for in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.stopping import Stopped


def needed(module: str, extra: str) -> Any:
    """The module. Raises Refusal that says how to install it."""
    try:
        return import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        how = f'pip install "lossacc_gui[{extra}]"'
        raise Refusal("format", f"reading it needs {library}, which is not installed", how) from error


@contextmanager
def sound(again: str) -> Iterator[None]:
    """Turn whatever a library raises over a damaged file into one sentence; ``again`` is how to save it.

    Libraries that parse what others wrote raise nearly anything; MemoryError and errors of the
    system itself are told as what they are.
    """
    try:
        yield
    except (Refusal, Stopped, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise Refusal("file", "it is damaged, or not of the kind its name says", again) from error


def require_room(nbytes: int, memory: int, what: str) -> None:
    """Raise Refusal when that much cannot be read into half of the memory."""
    if nbytes > memory // 2:
        size = f"{nbytes / 2**30:,.1f} GiB" if nbytes < 2**60 else "more than any memory"
        remedy = "save the predictions as .npy, which is mapped instead"
        raise Refusal(what, f"{size} are too much to be read into memory", remedy)
