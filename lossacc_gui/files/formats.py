"""What a file format is: how its files are called, how they are read, how they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from numpy.typing import NDArray

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.progress import Progress

MAX_CLASSES = 1_000_000
"""More columns than this are a transposed file or an attack: every class costs a name in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundLabels:
    """Labels as they are in a file: (N,) or one-hot (N, C), numbers or texts; of a text the rows'
    lines, or whatever ``unit`` they are counted in."""

    values: NDArray[Any]
    lines: Sequence[int] | None = None
    unit: str = "line"


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """The parts found in a file, as they are there; Predictions.of judges them.

    ``probs`` is (E, N, C), (N, C), (N,) or (images, height, width, C); ``labels_from`` says where in the
    file the labels were; ``notes`` what was chosen and what was left out; ``mapped`` that ``probs`` still
    lives in the file. ``score_of`` is what the file calls its only column, perhaps a class;
    ``class_values`` are the classes where it gives them as numbers; ``weights`` the rows' sample weights, which
    ``weights_from`` calls, and ``weights_sure`` says can be nothing else; ``grid`` the axes that became rows.
    """

    probs: NDArray[Any]
    labels: FoundLabels | None = None
    labels_from: str = ""
    class_names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    mapped: bool = False
    score_of: str | None = None
    class_values: NDArray[Any] | None = None
    weights: NDArray[Any] | None = None
    weights_from: str = ""
    weights_sure: bool = False
    grid: tuple[int, ...] = ()


Read = Callable[[Path, Progress, int, Choices], Loaded]
"""Path, progress, bytes of physical memory to reckon with, what was decided about the file. A pure
function of the file and the choices. Raises Refusal, Ambiguous, OSError, Stopped."""

ReadLabels = Callable[[Path, Progress, int], FoundLabels]
"""As Read, for a file that holds labels only."""

Write = Callable[[BinaryIO, Predictions, Progress, str], None]
"""An open file, what to write, progress, the suffix of the target. Raises Refusal, OSError, Stopped."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. ``suffixes`` are in lower case with their dot; ``write`` is None for a kind
    that cannot hold labels and is therefore no place to save to. ``fragile`` are the modules that read it and
    that a damaged file can crash, or keep busy for ever: it is tried in another process first."""

    key: str
    title: str
    suffixes: tuple[str, ...]
    read: Read
    read_labels: ReadLabels
    write: Write | None
    fragile: tuple[str, ...] = ()
