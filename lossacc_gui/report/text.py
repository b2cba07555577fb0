"""Metrics as a table of plain text."""

from __future__ import annotations

from collections.abc import Mapping

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.metrics import Kind, Metric, Reading, RowMetric
from lossacc_gui.core.wording import number, share, shares


def table(readings: Mapping[Metric | RowMetric, Reading], convention: Convention) -> str:
    """One line a metric: its name with its unit, its value, and what stands behind it."""
    lines = []
    for metric, reading in readings.items():
        unit = metric.unit(convention)
        title = reading.called or metric.title
        name = f"{title} ({unit})" if unit else title
        lines.append((name, value_text(metric, reading), reading.reason or reading.note))
    widths = [max(len(line[column]) for line in lines) for column in (0, 1)]
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}}  {note}".rstrip() for name, value, note in lines
    )


def value_text(metric: Metric | RowMetric, reading: Reading) -> str:
    """A metric's value in full."""
    if reading.value is None:
        return "undefined"
    if metric.kind is Kind.NUMBER:
        return number(reading.value, 6)
    if reading.is_interval:
        return shares(reading.low, reading.high, 2)
    return share(reading.value, 2)
