"""All metrics: name, value, change and what stands behind it, one line each."""

from __future__ import annotations

from lossacc_gui.core.metric_table import MetricLine, MetricTable, heavy, metric_table
from lossacc_gui.core.metrics import Kind
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.panels.panel import Panel
from lossacc_gui.ui.panels.table import TablePanel
from lossacc_gui.ui.panels.table_model import Cell, Column, Entry
from lossacc_gui.ui.tiles import difference, tip, value_wordings

DECIMALS = 4

COLUMNS = (
    Column(
        "metric",
        "Its name; point at a line to read how it is computed",
        number=False,
        elides=True,
        wraps=True,
    ),
    Column("value", "What it is now, under the present convention"),
    Column("change", "Since the baseline, or else since the last edit", spare=1),
    Column("made of", "Its unit and the counts it is made of, or why it is undefined", number=False, spare=1),
)


class MetricsView(TablePanel):
    """The arrow keys go through the lines; the tool tip of each says what it is."""

    def __init__(self, theme: look.Theme) -> None:
        super().__init__(theme, COLUMNS, lines)


def lines(table: MetricTable) -> tuple[Entry, ...]:
    """The table as lines of texts."""
    return tuple(_line(table, line) for line in table.lines)


def _line(table: MetricTable, line: MetricLine) -> Entry:
    metric, now = line.metric, line.now
    behind = now.reason or " · ".join(filter(None, (metric.unit(table.convention), now.note)))
    change, delta = "", 0.0
    if line.before is not None:
        change = difference(metric, now, line.before.value, DECIMALS)
        if now.value is not None and line.before.value is not None:
            delta = abs(now.value - line.before.value)
    if change and metric.kind is Kind.SHARE and not change.startswith("still"):
        change += " points"
    value = float("nan") if now.value is None else now.value
    return Entry(
        (
            Cell(now.called or metric.name, now.called or metric.name),
            Cell(value_wordings(metric, now, DECIMALS)[0], value),
            Cell(change, delta),
            Cell(behind, behind),
        ),
        tip=tip(metric, now),
    )


METRICS_TABLE = Panel(
    "metrics",
    "All metrics",
    "point at a line: how it is computed",
    metric_table,
    MetricsView,
    heavy,
)
