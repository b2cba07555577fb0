"""Every metric: one idea a file, one line here."""

from lossacc_gui.core.metrics.accuracy import ACCURACY
from lossacc_gui.core.metrics.accuracy_possible import ACCURACY_POSSIBLE
from lossacc_gui.core.metrics.balanced_accuracy import BALANCED_ACCURACY
from lossacc_gui.core.metrics.brier import BRIER
from lossacc_gui.core.metrics.calibration import ECE, MCE
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.metrics.d2 import D2
from lossacc_gui.core.metrics.f1 import F1
from lossacc_gui.core.metrics.kappa import KAPPA
from lossacc_gui.core.metrics.matthews import MATTHEWS
from lossacc_gui.core.metrics.metric import LIVE_ROWS, Kind, Metric, Reading, RowMetric
from lossacc_gui.core.metrics.perplexity import PERPLEXITY
from lossacc_gui.core.metrics.precision import PRECISION
from lossacc_gui.core.metrics.prior import PRIOR_ACCURACY, PRIOR_CROSS_ENTROPY
from lossacc_gui.core.metrics.recall import RECALL
from lossacc_gui.core.metrics.rounded_accuracy import ROUNDED_ACCURACY
from lossacc_gui.core.metrics.top_k import TOP_K
from lossacc_gui.core.metrics.worst import WORST_SHARE

METRICS: tuple[Metric, ...] = (
    CROSS_ENTROPY,
    ACCURACY,
    ACCURACY_POSSIBLE,
    PERPLEXITY,
    BRIER,
    ECE,
    MCE,
    TOP_K,
    BALANCED_ACCURACY,
    RECALL,
    PRECISION,
    F1,
    ROUNDED_ACCURACY,
    MATTHEWS,
    KAPPA,
    D2,
    PRIOR_CROSS_ENTROPY,
    PRIOR_ACCURACY,
)
"""Those that are functions of the tally, in the order they are listed in."""

ROW_METRICS: tuple[RowMetric, ...] = (WORST_SHARE,)
"""Those that need every row."""

EVERY: tuple[Metric | RowMetric, ...] = (*METRICS, *ROW_METRICS)

TILES: tuple[tuple[Metric, ...], ...] = (
    (CROSS_ENTROPY,),
    (ACCURACY,),
    (ACCURACY_POSSIBLE,),
    (PERPLEXITY,),
    (BRIER, ECE),
)
"""What is always on screen: one tile each, of one or two."""

__all__ = [
    "ACCURACY",
    "CROSS_ENTROPY",
    "EVERY",
    "LIVE_ROWS",
    "METRICS",
    "ROW_METRICS",
    "TILES",
    "Kind",
    "Metric",
    "Reading",
    "RowMetric",
]
