"""How a row becomes a loss: the choices in which libraries differ, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import log
from typing import Any

import numpy as np

from lossacc_gui.core.refusal import Refusal


class Rows(StrEnum):
    """What the cells of a row are taken to be."""

    AS_TYPED = "as typed"
    NORMALISED = "normalised"
    LOGITS = "logits"


class Base(StrEnum):
    """The unit of a loss: natural or binary logarithm."""

    NATS = "nats"
    BITS = "bits"


class Reduction(StrEnum):
    """How row losses become one number."""

    MEAN = "mean"
    SUM = "sum"


DTYPE_EPS = -1.0
"""The value of ``clip`` that stands for the machine epsilon of the predictions' own dtype."""


@dataclass(frozen=True, slots=True)
class Convention:
    """How a row becomes a loss.

    ``clip`` keeps p(label) inside [clip, 1 - clip] before the logarithm; 0 is no clip, DTYPE_EPS the
    machine epsilon of the predictions' dtype, as scikit-learn has it. ``clip_first`` clips every cell
    before the row is divided by its sum instead of after. Clips do not touch logits. ``base`` and
    ``reduction`` say how the losses of the rows are shown as one.
    """

    rows: Rows = Rows.AS_TYPED
    clip: float = 0.0
    clip_first: bool = False
    base: Base = Base.NATS
    reduction: Reduction = Reduction.MEAN

    def __post_init__(self) -> None:
        if self.clip != DTYPE_EPS and not 0 <= self.clip < 0.5:
            raise Refusal("clip", f"{self.clip}", "use 0 for no clip, or a number below 0.5")

    def eps(self, dtype: np.dtype[Any]) -> float:
        """The clip as a number, for predictions of this dtype."""
        return float(np.finfo(dtype).eps) if self.clip == DTYPE_EPS else self.clip

    @property
    def nats(self) -> float:
        """How many nats one of its units is: divide a loss in nats by it."""
        return log(2) if self.base is Base.BITS else 1.0

    @property
    def clips(self) -> bool:
        """Whether a clip can change a loss."""
        return self.clip != 0 and self.rows is not Rows.LOGITS

    @property
    def title(self) -> str:
        """The title of the preset it is, whatever its unit and reduction; empty when it is none."""
        return next((preset.title for preset in PRESETS if preset.key == self.key), "")

    @property
    def key(self) -> str:
        """The key of the preset this convention is, whatever its unit and reduction, or "custom"."""
        plain = replace(self, base=Base.NATS, reduction=Reduction.MEAN)
        return next((preset.key for preset in PRESETS if preset.convention == plain), "custom")


@dataclass(frozen=True, slots=True)
class Preset:
    """A convention with a name, and what computes the same number."""

    key: str
    title: str
    convention: Convention
    agrees: str


PRESETS = (
    Preset("by_hand", "By hand", Convention(), "minus the logarithm of p(label) as typed"),
    Preset(
        "sklearn",
        "scikit-learn",
        Convention(clip=DTYPE_EPS),
        "sklearn.metrics.log_loss, version 1.5 or newer",
    ),
    Preset(
        "keras",
        "Keras",
        Convention(Rows.NORMALISED, clip=1e-7),
        "keras.losses.categorical_crossentropy on probabilities",
    ),
    Preset(
        "pytorch_logits",
        "PyTorch, logits",
        Convention(Rows.LOGITS),
        "torch.nn.functional.cross_entropy on the cells",
    ),
    Preset(
        "pytorch_nll",
        "PyTorch, nll_loss",
        Convention(),
        "torch.nn.functional.nll_loss on the logarithm of the cells",
    ),
)


def preset(key: str) -> Convention:
    """The convention of this key. Raises Refusal when there is none."""
    for known in PRESETS:
        if known.key == key:
            return known.convention
    raise Refusal("convention", f"{key!r} is unknown", f"use one of {', '.join(p.key for p in PRESETS)}")
