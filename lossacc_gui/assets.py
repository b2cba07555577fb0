"""Finds the files of resources/, which lie elsewhere in a checkout than in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
# An installed wheel or a bundle carries the folder inside the package, a checkout beside it.
_FOLDERS = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


def path(name: str) -> Path:
    """Return where the resource ``name`` is, such as ``"style.qss"``.

    Raises FileNotFoundError, naming the folders it looked in.
    """
    for folder in _FOLDERS:
        if (folder / name).exists():
            return folder / name
    places = " nor in ".join(str(folder) for folder in _FOLDERS)
    raise FileNotFoundError(f"the resource {name!r} is neither in {places}: install the program again")
