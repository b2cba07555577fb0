"""How a row becomes a loss: the choices in which libraries differ, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, log
from typing import Any

import numpy as np

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.weight_range import WEIGHT_REMEDY, outside


class Rows(StrEnum):
    """What the cells of a row are taken to be."""

    AS_TYPED = "as typed"
    NORMALISED = "normalised"
    LOGITS = "logits"

    @property
    def letter(self) -> str:
        """What a cell is called: p of a probability, z of a logit."""
        return "z" if self is Rows.LOGITS else "p"


class Base(StrEnum):
    """The unit of a loss: natural or binary logarithm."""

    NATS = "nats"
    BITS = "bits"


class Reduction(StrEnum):
    """How row losses become one number."""

    MEAN = "mean"
    SUM = "sum"


class Divisor(StrEnum):
    """What a mean of weighted losses is divided by."""

    WEIGHTS = "sum of weights"
    ROWS = "number of rows"


DTYPE_EPS = -1.0
"""The value of ``clip`` that stands for the machine epsilon of the predictions' own dtype."""

LOG_CLAMP = -100.0
"""The value of ``clip`` that bounds the logarithm instead: it is never below -100, and 1 is not touched."""

BINARY = "binary_cross_entropy is for two classes; of more this is −ln p(label), 100 at most, which no library computes"
"""What is said of LOG_CLAMP where there are more than two classes."""

UNEVEN = (
    "with label smoothing, PyTorch weighs what each class is given by that class's own weight; here the whole loss of "
    "a row is multiplied by its label's, as Keras does, which divides by the number of rows"
)
"""What is said of smoothed losses with class weights, divided by the sum of weights."""

BINS = 15
MOST_BINS = 1_000
"""How many bins of confidence the calibration error has when nobody says, and at most."""


@dataclass(frozen=True, slots=True)
class Convention:
    """How a row becomes a loss.

    ``clip`` keeps p(label) inside [clip, 1 - clip] before the logarithm; 0 is no clip, DTYPE_EPS the
    machine epsilon of the predictions' dtype, as scikit-learn has it, LOG_CLAMP a bound of the logarithm,
    as PyTorch's binary_cross_entropy has it. ``clip_first`` clips every cell before the row is divided by
    its sum instead of after. Clips do not touch logits. ``base`` and
    ``reduction`` say how the losses of the rows are shown as one, ``weights`` (one number a class, or
    None) how much a row counts in that by its label, and ``divisor`` what such a mean is divided by.

    ``smoothing`` is the share of the label that is spread evenly over all classes, ``temperature`` what
    logits are divided by, or the logarithms of probabilities: clipped before that, and not again. ``single``
    computes as float32 whatever the predictions' own dtype is. ``bins`` is how many bins of confidence the
    calibration error has.
    """

    rows: Rows = Rows.AS_TYPED
    clip: float = 0.0
    clip_first: bool = False
    base: Base = Base.NATS
    reduction: Reduction = Reduction.MEAN
    smoothing: float = 0.0
    temperature: float = 1.0
    single: bool = False
    weights: tuple[float, ...] | None = None
    divisor: Divisor = Divisor.WEIGHTS
    bins: int = BINS

    def __post_init__(self) -> None:
        if self.clip not in (DTYPE_EPS, LOG_CLAMP) and not 0 <= self.clip < 0.5:
            raise Refusal("clip", f"{self.clip}", "use 0 for no clip, or a number below 0.5")
        if not 0 <= self.smoothing < 1:
            raise Refusal("label smoothing", f"{self.smoothing}", "use 0 for none, or a number below 1")
        if not 0 < self.temperature < float("inf"):
            raise Refusal("temperature", f"{self.temperature}", "use a finite number above 0; 1 is none")
        if not 1 <= self.bins <= MOST_BINS:
            raise Refusal("bins", f"{self.bins}", f"use 1 to {MOST_BINS:,}")
        if self.weights is not None:
            _check_weights(self.weights)

    def same_rows(self, other: Convention) -> bool:
        """Whether every row has the same numbers under both: they differ in how rows become one at most."""
        return self == other.summed_as(self)

    def summed_as(self, other: Convention) -> Convention:
        """These rows' numbers, made one number as the other convention does it."""
        return replace(
            self,
            base=other.base,
            reduction=other.reduction,
            weights=other.weights,
            divisor=other.divisor,
        )

    def as_preset(self, preset: Convention) -> Convention:
        """What a preset says of rows and of the divisor, shown in this one's unit, with its weights and bins."""
        return replace(preset, base=self.base, reduction=self.reduction, weights=self.weights, bins=self.bins)

    def same_unit(self, other: Convention) -> bool:
        """Whether both show losses in the same unit, as a mean or as a sum alike."""
        return (self.base, self.reduction) == (other.base, other.reduction)

    def for_classes(self, classes: int) -> Convention:
        """The same for predictions of so many classes: weights for another number of them are dropped."""
        if self.weights is None or len(self.weights) == classes:
            return self
        return replace(self, weights=None)

    def eps(self, dtype: np.dtype[Any]) -> float:
        """The smallest probability the logarithm sees, for predictions of this dtype; 0 without a clip."""
        if self.clip == LOG_CLAMP:
            return exp(LOG_CLAMP)
        dtype = np.dtype(np.float32) if self.single else dtype
        return float(np.finfo(dtype).eps) if self.clip == DTYPE_EPS else self.clip

    def bounds(self, dtype: np.dtype[Any]) -> tuple[float, float] | None:
        """Between what a probability is clipped, for predictions of this dtype; None where it is not."""
        if self.clip in (0, LOG_CLAMP):
            return None
        low = self.eps(dtype)
        if not self.single:
            return low, 1 - low
        return float(np.float32(low)), float(np.float32(1) - np.float32(low))

    def misfit(self, classes: int) -> str:
        """Why no library has this rule for so many classes; empty where one may have it."""
        if classes > 2 and self.clip == LOG_CLAMP and self.clips:
            return BINARY
        uneven = self.weights is not None and len(set(self.weights)) > 1
        return UNEVEN if uneven and self.smoothing and self.divisor is Divisor.WEIGHTS else ""

    @property
    def nats(self) -> float:
        """How many nats one of its units is: divide a loss in nats by it."""
        return log(2) if self.base is Base.BITS else 1.0

    @property
    def clips(self) -> bool:
        """Whether a clip can change a loss."""
        return self.clip != 0 and self.rows is not Rows.LOGITS

    @property
    def clips_first(self) -> bool:
        """Whether cells are clipped before their row is divided by its sum."""
        return self.clip_first and self.rows is Rows.NORMALISED and self.clip not in (0, LOG_CLAMP)

    @property
    def divides(self) -> bool:
        """Whether a row's sum has gone before anything else happens to it."""
        return (self.rows is Rows.NORMALISED and not self.clips_first) or self.temperature != 1

    @property
    def mixes(self) -> str:
        """Why a row's loss depends on more than p(label) and the row's sum; empty when it does not."""
        if self.smoothing:
            return "with label smoothing the loss depends on every cell"
        if self.temperature != 1:
            return "at a temperature other than 1 the loss depends on every cell"
        return ""

    @property
    def title(self) -> str:
        """The title of the preset it is, see ``key``; empty when it is none."""
        known = _BY_PLAIN.get(self.plain)
        return "" if known is None else known.title

    @property
    def key(self) -> str:
        """The key of the preset this convention is, or "custom"."""
        known = _BY_PLAIN.get(self.plain)
        return "custom" if known is None else known.key

    @property
    def plain(self) -> Convention:
        """The same for each row; how rows become one, and bins, as usual: what presets are known by."""
        return replace(self.summed_as(Convention()), bins=BINS)

    @property
    def extras(self) -> tuple[str, ...]:
        """In a word or two each, what is not as usual besides rows, clip and unit."""
        weights = self.weights is not None
        said = (
            (bool(self.smoothing), f"smoothing {self.smoothing:g}"),
            (self.temperature != 1, f"T = {self.temperature:.4g}"),
            (self.single, "float32"),
            (weights, "class weights"),
            (weights and self.divisor is Divisor.ROWS, f"divided by {self.divisor}"),
            (self.bins != BINS, f"{self.bins} bins"),
        )
        return tuple(text for holds, text in said if holds)


def _check_weights(weights: tuple[float, ...]) -> None:
    for index in outside(weights):
        raise Refusal(f"class weights, class {index + 1}", f"{weights[index]}", WEIGHT_REMEDY)
    if not any(weights):
        raise Refusal("class weights", "all are 0, so no row would count", "give one class at least a weight")


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
        "sklearn_1_4",
        "scikit-learn 1.2–1.4",
        Convention(Rows.NORMALISED, clip=DTYPE_EPS, clip_first=True),
        "sklearn.metrics.log_loss, version 1.2 to 1.4",
    ),
    Preset(
        "kaggle",
        "Kaggle",
        Convention(Rows.NORMALISED, clip=1e-15, clip_first=True),
        "the log loss of Kaggle's competitions, and sklearn.metrics.log_loss up to version 1.1",
    ),
    Preset(
        "keras",
        "Keras",
        Convention(Rows.NORMALISED, clip=1e-7, divisor=Divisor.ROWS),
        "keras.losses.categorical_crossentropy on probabilities, averaged over the rows whatever they weigh",
    ),
    Preset(
        "keras_evaluate",
        "Keras, evaluate",
        Convention(Rows.NORMALISED, clip=1e-7, single=True, divisor=Divisor.ROWS),
        "the loss and accuracy of keras.Model.evaluate, which computes as float32",
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
    Preset(
        "pytorch_bce",
        "PyTorch, binary",
        Convention(clip=LOG_CLAMP),
        "torch.nn.functional.binary_cross_entropy on the second of two classes",
    ),
)


_BY_PLAIN = {preset.convention.plain: preset for preset in reversed(PRESETS)}
"""What a convention is known by; of presets that are one convention the first."""


def preset(key: str) -> Convention:
    """The convention of this key. Raises Refusal when there is none."""
    for known in PRESETS:
        if known.key == key:
            return known.convention
    raise Refusal("convention", f"{key!r} is unknown", f"use one of {', '.join(p.key for p in PRESETS)}")
