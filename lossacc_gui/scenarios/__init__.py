"""Every lesson: one file each, one line here. The first opens with the program."""

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.scenarios.animals import ANIMALS
from lossacc_gui.scenarios.crossing import CROSSING
from lossacc_gui.scenarios.imbalance import IMBALANCE
from lossacc_gui.scenarios.outlier import OUTLIER
from lossacc_gui.scenarios.overconfident import OVERCONFIDENT
from lossacc_gui.scenarios.same_loss import SAME_LOSS
from lossacc_gui.scenarios.scenario import Scenario
from lossacc_gui.scenarios.timid import TIMID
from lossacc_gui.scenarios.unnormalised import UNNORMALISED

SCENARIOS: tuple[Scenario, ...] = (
    SAME_LOSS,
    ANIMALS,
    CROSSING,
    OUTLIER,
    OVERCONFIDENT,
    TIMID,
    IMBALANCE,
    UNNORMALISED,
)

__all__ = ["SCENARIOS", "Scenario", "scenario"]


def scenario(key: str) -> Scenario:
    """The scenario of this key. Raises Refusal when there is none."""
    for known in SCENARIOS:
        if known.key == key:
            return known
    raise Refusal("scenario", f"{key!r} is unknown", f"use one of {', '.join(s.key for s in SCENARIOS)}")
