"""Whether a row can be right, or must be, with p(label) and its sum held."""

from __future__ import annotations

from math import fsum

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.looks import Cells, Floats, Reduced
from lossacc_gui.core.losses import Read
from lossacc_gui.core.predictions import Labels


def enough(
    cells: Cells, label: Labels, hit: NDArray[np.bool_], row: Reduced, read: Read[Reduced]
) -> NDArray[np.bool_]:
    """Whether p(label) holds against all that is left: heaped on one rival in a hit, else spread over all."""
    classes = cells.shape[1]
    parts = hit * (2.0 - classes)
    parts += classes
    lost = read.softmax
    excess = _excess(cells, row.own, row.total, parts) if lost is None else np.log(parts) - lost
    holds: NDArray[np.bool_] = excess > 0
    even = np.flatnonzero(excess == 0)
    holds[even] = label[even] == 0  # of equal cells the first is the prediction
    return holds


def _excess(cells: Cells, p_label: Floats, total: Floats, parts: Floats) -> Floats:
    """p(label) times ``parts`` minus the row's sum, with the sign it has before rounding.

    Rows that lie so near 0 that rounding could decide, such as (0.1, ... 0.1), are looked at again: they
    are even, or added up exactly.
    """
    excess = p_label * parts - total
    near = np.flatnonzero(np.abs(excess) <= total * (cells.shape[1] * np.finfo(np.float64).eps))
    if near.size:
        even = (cells[near] == cells[near, :1]).all(axis=1)
        excess[near[even]] = 0.0
        for row in near[~even].tolist():
            excess[row] = -fsum([*cells[row].tolist(), *[-p_label[row]] * int(parts[row])])
    return excess
