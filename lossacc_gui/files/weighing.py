"""Sample weights in a file: whether they are one a row, and can be weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.axes import flat
from lossacc_gui.files.formats import Loaded
from lossacc_gui.files.refusals import short


def weighed(loaded: Loaded) -> Loaded:
    """The same with ``weights`` (N,), float64, and a note that says so; or None, and a note why.

    An array called "weights" that is not one number a row is something else, a layer of a model perhaps,
    and is left out; one called "sample_weight" is refused. Raises Refusal.
    """
    if loaded.weights is None:
        return loaded
    rows = loaded.probs.shape[-2] if loaded.probs.ndim > 1 else len(loaded.probs)
    values, where = flat(loaded.weights, loaded.grid), loaded.weights_from
    if values.ndim == 2 and 1 in values.shape:
        values = values.reshape(-1)
    if values.shape != (rows,) or values.dtype.kind not in "biuf":
        kind = f"shape {short(values.shape)}" if values.dtype.kind in "biuf" else "texts"
        what = f"{kind}, and not one number for each of {rows:,} rows"
        if loaded.weights_sure:  # it says "sample"
            raise Refusal(where, what, "give every row one weight, or remove it")
        return replace(loaded, weights=None, notes=(*loaded.notes, f"{where} was left out: {what}"))
    weights = values.astype(np.float64)
    bad = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if bad.size:
        what = f"row {bad[0] + 1} has the weight {weights[bad[0]]:g}"
        raise Refusal(where, what, "give every row a finite weight, 0 or more")
    # Weights of 0 alone are no reason to refuse: deleted rows may leave no others, and that can be saved.
    said = f"rows are weighted by {where}: in the cross-entropy and what is computed of it, and nowhere else"
    said = said if weights.any() else f"every row has the weight 0 in {where}: there is no cross-entropy"
    return replace(loaded, weights=weights, notes=(*loaded.notes, said))
