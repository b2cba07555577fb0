"""Six rows with every kind in them: sure and right, unsure and right, unsure and wrong, sure and wrong."""

from lossacc_gui.scenarios.scenario import Scenario

ANIMALS = Scenario(
    key="animals",
    title="Six animals",
    lesson="Rows between 1/3 and 1/2 at their label can be right or wrong without any change of the loss; "
    "the others cannot.",
    invitation="Lower dog in row 1 from 0.5 to 0.3: the prediction becomes cat, at the same loss.",
    classes=("cat", "dog", "fox"),
    rows=(
        (0.36, 0.50, 0.14),
        (0.50, 0.10, 0.40),
        (0.25, 0.55, 0.20),
        (0.10, 0.15, 0.75),
        (0.62, 0.28, 0.10),
        (0.05, 0.90, 0.05),
    ),
    labels=(0, 2, 1, 2, 0, 0),
    row=0,
    column=1,
)
