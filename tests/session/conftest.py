"""Documents that end their background work, and ears that count what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from lossacc_gui.core.change import Change
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import State
from lossacc_gui.session.document import Document
from lossacc_gui.session.focus import Focus

Make = Callable[..., Document]


class Heard:
    """Every Change a document has told."""

    def __init__(self, document: Document) -> None:
        self.changes: list[Change] = []
        document.changed.connect(self.hear)

    def hear(self, change: Change) -> None:
        self.changes.append(change)

    def one(self) -> Change:
        """The only change since the last question."""
        assert len(self.changes) == 1, f"changed was sent {len(self.changes)} times"
        return self.changes.pop()


@pytest.fixture
def make(qapp) -> Iterator[Make]:
    """A document on a state, or on the small example; its thread ends with the test."""
    made: list[Document] = []

    def document(state: State | None = None) -> Document:
        made.append(Document(state or example()))
        return made[-1]

    yield document
    for one in made:
        one.close()
        one.deleteLater()


@pytest.fixture
def document(make: Make) -> Document:
    return make()


@pytest.fixture
def heard(document: Document) -> Heard:
    return Heard(document)


@pytest.fixture
def focus(qapp) -> Iterator[Focus]:
    made = Focus()
    yield made
    made.deleteLater()


def example() -> State:
    """Three rows, three classes: the lesson the program opens with."""
    cells = np.array([[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.3, 0.5, 0.2]])
    return State(Predictions.of(cells, np.array([0, 2, 1]), ("A", "B", "C")))
