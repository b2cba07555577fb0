"""A rare class that is never predicted: accuracy hides it, the loss and the classes view do not."""

from lossacc_gui.core.rules import Rule
from lossacc_gui.scenarios.scenario import Scenario

IMBALANCE = Scenario(
    key="imbalance",
    title="The class nobody finds",
    lesson="Every row says “well” and 18 of 20 are: accuracy 90 %, at which nothing was learnt. Two rows of the "
    "rare class carry most of the loss; its recall is 0, so balanced accuracy is 50 %.",
    invitation="Raise “ill” in row 19 from 0.1 to 0.6: accuracy gains 5 points, balanced accuracy 25.",
    classes=("well", "ill"),
    rows=(*(((0.95, 0.05),) * 18), *(((0.9, 0.1),) * 2)),
    labels=(*((0,) * 18), 1, 1),
    rule=Rule.RESCALE,
    row=18,
    column=1,
)
