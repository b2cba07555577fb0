"""Mass moves among wrong classes: accuracy steps, cross-entropy stands still."""

from lossacc_gui.scenarios.scenario import Scenario

SAME_LOSS = Scenario(
    key="same-loss",
    title="Same loss, different accuracy",
    lesson="Cross-entropy sees only the probability of the label, accuracy only which cell is largest. "
    "Mass that moves among the wrong classes can change one and not the other.",
    invitation="Lower B in row 2 from 0.5 to 0.3 and watch: accuracy moves, cross-entropy does not.",
    classes=("A", "B", "C"),
    rows=((0.3, 0.5, 0.2), (0.1, 0.5, 0.4), (0.3, 0.5, 0.2)),
    labels=(0, 2, 1),
    row=1,
    column=1,
)
