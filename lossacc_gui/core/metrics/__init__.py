"""Every metric: one idea a file, one line here."""

from lossacc_gui.core.metrics.accuracy import ACCURACY
from lossacc_gui.core.metrics.accuracy_possible import ACCURACY_POSSIBLE
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.metrics.metric import Kind, Metric, Reading
from lossacc_gui.core.metrics.perplexity import PERPLEXITY

METRICS: tuple[Metric, ...] = (CROSS_ENTROPY, ACCURACY, ACCURACY_POSSIBLE, PERPLEXITY)

__all__ = ["METRICS", "Kind", "Metric", "Reading"]
