"""Every row right, and the loss close to guessing: what too much regularisation leaves."""

from lossacc_gui.core.rules import Rule
from lossacc_gui.scenarios.scenario import Scenario

TIMID = Scenario(
    key="timid",
    title="All right, none sure",
    lesson="Too much regularisation keeps all probabilities close together: every row is right, and the loss "
    "is close to that of guessing, ln 3. Accuracy has nothing left to gain. The temperature view sharpens all "
    "rows at once.",
    invitation="Raise A in row 1 from 0.36 to 0.9: the loss falls by 15 %, accuracy stays 100 %.",
    classes=("A", "B", "C"),
    rows=(
        (0.36, 0.33, 0.31),
        (0.37, 0.31, 0.32),
        (0.31, 0.38, 0.31),
        (0.32, 0.36, 0.32),
        (0.32, 0.31, 0.37),
        (0.3, 0.34, 0.36),
    ),
    labels=(0, 0, 1, 1, 2, 2),
    rule=Rule.RESCALE,
)
