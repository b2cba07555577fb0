"""Calibration errors: how far confidence is from accuracy, bin by bin of the confidence."""

from __future__ import annotations

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.exact import UNIT_BITS, Counts, Sums, exact_ratio
from lossacc_gui.core.metrics.metric import NO_LABELS, Kind, Metric, Reading
from lossacc_gui.core.tally import Tally

RULE = (
    "bins of equal width, of which each holds its lower edge and the last one 1 as well; the confidence is the "
    "row's largest probability"
)

ROUNDING_BITS = UNIT_BITS - 53
"""A confidence may differ by 2**-53 from what it would be without rounding: that times so many rows is no gap."""


def expected_error(rows: list[int], hits: list[int], confidence: Sums) -> float:
    """The expected calibration error of bins with so many rows and hits each, and these sums of confidence."""
    return _mean(_gaps(rows, hits, confidence))


def _mean(gaps: list[tuple[int, int]]) -> float:
    return exact_ratio(sum(gap for gap, _ in gaps), sum(rows for _, rows in gaps))


def _gaps(rows: list[int], hits: list[int], confidence: Sums) -> list[tuple[int, int]]:
    """Of every bin that has rows: |sum of confidence − hits| as an exact sum, and how many rows it has.

    Cells are rounded to float64, so that nine of ten rows that are right at 0.9 differ by some 2**-54 each: no gap.
    """
    gaps = (
        (abs(confidence.get(at, 0) - (hits[at] << UNIT_BITS)), count)
        for at, count in enumerate(rows)
        if count
    )
    return [(gap if gap > count << ROUNDING_BITS else 0, count) for gap, count in gaps]


def _undefined(tally: Tally) -> Reading | None:
    if not tally.rows:
        return NO_LABELS
    if tally.unbinned:
        rows = "1 row has" if tally.unbinned == 1 else f"{tally.unbinned:,} rows have"
        return Reading(None, f"{rows} a confidence outside 0..1")
    return None


def _errors(bins: Counts, confidence: Sums) -> tuple[float, float]:
    """The expected and the maximum calibration error."""
    rows, hits = bins.array.tolist()
    gaps = _gaps(rows, hits, confidence)
    return _mean(gaps), max(exact_ratio(gap, rows) for gap, rows in gaps)


def _expected(tally: Tally, _: Convention) -> Reading:
    return _undefined(tally) or Reading(tally.bins.once(_errors, tally.confidence)[0])


def _maximum(tally: Tally, _: Convention) -> Reading:
    return _undefined(tally) or Reading(tally.bins.once(_errors, tally.confidence)[1])


def _unit(convention: Convention) -> str:
    return "1 bin" if convention.bins == 1 else f"{convention.bins} bins"


ECE = Metric(
    "ece",
    "Expected calibration error (ECE)",
    Kind.NUMBER,
    f"mean over the rows of |confidence − accuracy| of their bin; {RULE}",
    'torchmetrics MulticlassCalibrationError(norm="l1"), which computes it as float32',
    _expected,
    _unit,
    short="ECE",
)
MCE = Metric(
    "mce",
    "Maximum calibration error (MCE)",
    Kind.NUMBER,
    f"the largest |confidence − accuracy| of a bin; {RULE}",
    'torchmetrics MulticlassCalibrationError(norm="max"), which computes it as float32',
    _maximum,
    _unit,
    short="MCE",
)
