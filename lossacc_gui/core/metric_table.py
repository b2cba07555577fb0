"""Every metric in a table: what it is now, and what it was before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lossacc_gui.core.convention import Convention
from lossacc_gui.core.curves.listed import Indices, narrowed, told
from lossacc_gui.core.metrics import ACCURACY, CROSS_ENTROPY, EVERY, LIVE_ROWS, Metric, Reading, RowMetric
from lossacc_gui.core.scene import Scene
from lossacc_gui.core.wording import in_words, rows, share


@dataclass(frozen=True, slots=True)
class MetricLine:
    """A metric, what it is, and what it was: None where there is nothing to compare with."""

    metric: Metric | RowMetric
    now: Reading
    before: Reading | None


@dataclass(frozen=True, eq=False, slots=True)
class MetricTable:
    """One line a metric; ``since`` says what is compared with, and is empty when nothing is."""

    lines: tuple[MetricLine, ...]
    convention: Convention
    since: str
    reading: str
    hint: str = ""
    empty: str = ""


def metric_table(scene: Scene) -> MetricTable:
    """The metrics of all rows, and what they were at the baseline or else before the last edit."""
    whole = scene
    if scene.page:  # what they were is known of all rows together
        scene = replace(scene, baseline=None, before=None)
    scene, all_rows = narrowed(replace(scene, row=-1))
    among = None if all_rows else whole.shown
    if among is not None:  # a baseline is of all rows
        scene = replace(scene, baseline=None, before=None)
    lines = tuple(_line(m, scene, among, at / len(EVERY)) for at, m in enumerate(EVERY))
    since = "last edit" if scene.before is not None else ""
    if scene.baseline is not None:
        since = f"baseline {scene.baseline.name}{scene.baseline.aside(scene.convention)}"
    values = {line.metric.key: line.now.value for line in lines}
    says = (
        f"{len(lines)} metrics of {rows(scene.evaluation.tally.rows)}: cross-entropy "
        f"{in_words(values[CROSS_ENTROPY.key])}, accuracy {share(values[ACCURACY.key])}."
    )
    undefined = sum(line.now.value is None for line in lines)
    if not scene.evaluation.tally.rows:
        says = "No row has a label, and without one every metric is undefined."
    elif undefined:
        says += f" {undefined} undefined; the table says why."
    says = f"{says} {all_rows}" if all_rows else told(whole, scene.evaluation.tally.rows, says)
    return MetricTable(lines, scene.convention, since, says)


def _line(metric: Metric | RowMetric, scene: Scene, among: Indices | None, done: float) -> MetricLine:
    scene.reached(done)
    return MetricLine(metric, scene.evaluation.read(metric, among), _before(metric, scene))


def _before(metric: Metric | RowMetric, scene: Scene) -> Reading | None:
    if isinstance(metric, RowMetric):
        return None
    if scene.baseline is not None:
        return scene.baseline.read(metric, scene.convention)
    return None if scene.before is None else metric.of(scene.before, scene.convention)


def heavy(scene: Scene) -> bool:
    """Whether reading all of them may take more than a frame: some look at every row."""
    return len(scene.evaluation.stats) > LIVE_ROWS
