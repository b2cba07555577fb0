"""Metrics as plain values for other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isinf, isnan
from typing import Any

from lossacc_gui.core.convention import DTYPE_EPS, LOG_CLAMP, Convention
from lossacc_gui.core.detective import Finding
from lossacc_gui.core.metrics import Kind, Metric, Reading, RowMetric
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.tally import Tally


def as_json(
    predictions: Predictions,
    epoch: int,
    key: str,
    convention: Convention,
    readings: Mapping[Metric | RowMetric, Reading],
    tally: Tally,
    found: Sequence[Finding],
) -> dict[str, Any]:
    """What JSON can hold: infinite is "Infinity", undefined is null with its reason beside it.

    ``epoch`` counts from 0 and is told from 1, as everywhere people read it; ``key`` names the convention.
    What was said when the file was read, such as why labels beside it were not used, is in "notes".
    """
    metrics: dict[str, Any] = {}
    for metric, reading in readings.items():
        if reading.called:
            metrics[f"{metric.key}_name"] = reading.called
        if metric.kind is Kind.RANGE and reading.value is not None:
            metrics[metric.key] = [reading.low, reading.high]
        else:
            metrics[metric.key] = _plain(reading.value)
        if reading.value is None:
            metrics[f"{metric.key}_reason"] = reading.reason
        elif metric.kind is Kind.SHARE and reading.is_interval:
            metrics[f"{metric.key}_interval"] = [reading.low, reading.high]
        if reading.note:
            metrics[f"{metric.key}_note"] = reading.note
        if isinstance(metric, Metric) and metric.per_class is not None and tally.rows:
            shares = metric.per_class(tally).tolist()
            metrics[f"{metric.key}_per_class"] = [None if isnan(share) else share for share in shares]
    return {
        "rows": predictions.rows,
        "classes": predictions.classes,
        "rows_without_label": tally.unlabelled,
        "epoch": epoch + 1,
        "epochs": predictions.epochs,
        "convention": key,
        "read_as": _told(convention),
        "sample_weights": predictions.weights is not None,
        "notes": [*predictions.notes, *filter(None, [convention.misfit(predictions.classes)])],
        "findings": [{"key": finding.key, "text": finding.text} for finding in found],
        "metrics": metrics,
    }


CLIPS = {DTYPE_EPS: "dtype eps", LOG_CLAMP: "log >= -100"}


def _told(convention: Convention) -> dict[str, Any]:
    """Every choice of a convention, by its name."""
    told = asdict(convention)
    return told | {"clip": CLIPS.get(convention.clip, convention.clip)}


def _plain(value: float | None) -> float | str | None:
    if value is None or not isinf(value):
        return value
    return "Infinity" if value > 0 else "-Infinity"
