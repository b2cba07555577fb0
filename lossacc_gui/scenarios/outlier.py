"""One confident mistake makes the loss high while accuracy stays good."""

from lossacc_gui.core.rules import Rule
from lossacc_gui.scenarios.scenario import Scenario

OUTLIER = Scenario(
    key="outlier",
    title="Good accuracy, high loss",
    lesson="Nine rows out of ten are right and fairly sure. The tenth is wrong and almost certain, and "
    "carries most of the loss.",
    invitation="Raise “yes” in row 10 from 0.000001 to 0.1: the loss falls by 80 %, accuracy stays 90 %.",
    classes=("no", "yes"),
    rows=(*(((0.9, 0.1),) * 5), *(((0.1, 0.9),) * 4), (0.999999, 0.000001)),
    labels=(0, 0, 0, 0, 0, 1, 1, 1, 1, 1),
    rule=Rule.RESCALE,
    row=9,
    column=1,
)
