"""A project: predictions in an .npz that anybody can read, and beside them what this program knows.

The archive's array ``lossacc_gui`` is a text, in JSON; arrays it needs are ``lossacc_gui_0`` and on.
"""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.record import Arrays, BadRecord, from_record, to_record
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.scene import Point
from lossacc_gui.core.state import Baseline
from lossacc_gui.files.disk import open_file, physical_memory
from lossacc_gui.files.names import PROJECT
from lossacc_gui.files.npz import Archive, put_array
from lossacc_gui.files.progress import Progress
from lossacc_gui.files.refusals import about

VERSION = 1
MOST_POINTS = 10_000
"""So many of the last points of the history are kept."""

_MOST_BYTES = 1 << 28


@dataclass(frozen=True, eq=False, slots=True)
class Project:
    """What belongs to a piece of work beside its predictions.

    ``layout`` is the window's own text for how its views stand; ``history`` the points up to now.
    """

    convention: Convention
    baseline: Baseline | None = None
    history: tuple[Point, ...] = ()
    layout: str = ""


def holds_project(path: Path) -> bool:
    """Whether a file of this name can hold more than predictions."""
    return path.suffix.lower() == ".npz"


def put_project(file: BinaryIO, project: Project) -> None:
    """Add a project to an archive of predictions that is open for reading and writing."""
    arrays: Arrays = []
    text = json.dumps(
        {
            "version": VERSION,
            "convention": to_record(project.convention, arrays),
            "baseline": to_record(project.baseline, arrays),
            "history": to_record(project.history[-MOST_POINTS:], arrays),
            "layout": project.layout,
        }
    )
    with zipfile.ZipFile(file, "a", zipfile.ZIP_STORED) as archive:
        put_array(archive, PROJECT, np.array([text]), Progress())
        for number, array in enumerate(arrays):
            put_array(archive, f"{PROJECT}_{number}", array, Progress())


def open_project(path: str | os.PathLike[str]) -> Project | None:
    """The project in a file, or None when it holds none. Raises FileRefusal when it cannot be read."""
    file = Path(path)
    if not holds_project(file):
        return None
    with about(file), open_file(file) as opened:
        archive = Archive(opened, min(physical_memory(), _MOST_BYTES))
        if not archive.has(PROJECT):
            return None
        try:
            if archive.header(PROJECT).shape != (1,):
                raise BadRecord("not one text")
            record = json.loads(str(archive.read(PROJECT, Progress())[0]))
            arrays: list[NDArray[Any]] = []
            while archive.has(f"{PROJECT}_{len(arrays)}"):
                arrays.append(archive.read(f"{PROJECT}_{len(arrays)}", Progress()))
            return _project(record, arrays)
        except Refusal:
            raise
        except (BadRecord, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            what = "it is no project of this version of the program"
            raise Refusal(f"array {PROJECT!r}", what, "open it with the version that saved it") from error


def _project(record: dict[str, Any], arrays: list[NDArray[Any]]) -> Project:
    if record["version"] != VERSION or not isinstance(record["layout"], str):
        raise BadRecord("another version")
    convention = from_record(record["convention"], arrays)
    baseline = from_record(record["baseline"], arrays)
    history = from_record(record["history"], arrays)
    right = (
        type(convention) is Convention
        and (baseline is None or type(baseline) is Baseline)
        and isinstance(history, tuple)
        and all(type(point) is Point for point in history)
    )
    if not right:
        raise BadRecord("a part is of another kind")
    return Project(convention, baseline, history, record["layout"])
