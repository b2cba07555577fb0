"""Too sure of everything: more rows right than a careful model has, at a higher loss."""

from lossacc_gui.core.rules import Rule
from lossacc_gui.scenarios.scenario import Scenario

OVERCONFIDENT = Scenario(
    key="overconfident",
    title="Loss and accuracy both rise",
    lesson="Late in training more rows come right, and those still wrong grow sure: accuracy rises, and so does "
    "the loss. Here 7 of 10 rows are right, at almost twice the loss of guessing; the temperature view shows how "
    "much of it can go.",
    invitation="Lower dog in row 8 from 0.998 to 0.6: the row stays wrong, and the loss falls by a quarter.",
    classes=("cat", "dog", "fox"),
    rows=(
        *(((0.99, 0.005, 0.005),) * 3),
        *(((0.005, 0.99, 0.005),) * 2),
        *(((0.005, 0.005, 0.99),) * 2),
        (0.001, 0.998, 0.001),
        (0.998, 0.001, 0.001),
        (0.001, 0.001, 0.998),
    ),
    labels=(0, 0, 0, 1, 1, 2, 2, 0, 1, 1),
    rule=Rule.RESCALE,
    row=7,
    column=1,
)
