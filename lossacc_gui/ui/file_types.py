"""What file dialogs offer: the kinds of file, and a name to save by that is of a kind that can be written."""

from __future__ import annotations

from pathlib import Path

from lossacc_gui import files
from lossacc_gui.core.state import Source
from lossacc_gui.files.packed import bare_name, ending
from lossacc_gui.files.pieces import whole_name

USUAL = ".npz"
"""Holds all there is."""


def writable() -> str:
    """The kinds of file that can be written."""
    return ";;".join(offer(kind.title, kind.suffixes) for kind in files.FORMATS if kind.write)


def offer(title: str, suffixes: tuple[str, ...]) -> str:
    """A kind of file as a file dialog lists it."""
    return f"{title} ({' '.join(f'*{suffix}' for suffix in suffixes)})"


def suggested(source: Source, folder: Path) -> Path:
    """Where to save: beside what was opened, as a file of its kind where that can be written, else as .npz.

    A file of which not all was read is not the one that is suggested.
    """
    path = whole_name(Path(source.path)) if source.path else folder / source.name
    if source.path and ending(path) in _writable_suffixes():
        return path.with_name(f"{bare_name(path)}-edited{ending(path)}") if source.left_out else path
    return path.with_name((bare_name(path) if _is_known(path) else path.name) + USUAL)


def kind_of(path: Path) -> str:
    """The line of ``writable`` that a name belongs to."""
    found = (k for k in files.FORMATS if k.write and ending(path) in k.suffixes)
    return next((offer(kind.title, kind.suffixes) for kind in found), "")


def named(chosen: str, kind: str) -> str:
    """The path that somebody chose, with the ending of the kind chosen where it has none that is known.

    "run.v2" ends in nothing that is known; "run.xlsx" does, and is refused for what it is when it is saved.
    """
    if _is_known(Path(chosen)):
        return chosen
    found = (k.suffixes[0] for k in files.FORMATS if k.write and offer(k.title, k.suffixes) == kind)
    return chosen + next(found, USUAL)


def _is_known(path: Path) -> bool:
    return any(ending(path) in kind.suffixes for kind in files.FORMATS)


def _writable_suffixes() -> set[str]:
    return {suffix for kind in files.FORMATS if kind.write for suffix in kind.suffixes}
