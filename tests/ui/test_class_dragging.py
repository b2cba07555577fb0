"""A heading that is dragged moves its class in the predictions, and only there."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.core.strategies import contents


def drag(window, at: int, to: int) -> None:
    """Press a heading and let it go over another."""
    header = window.grid.cells.horizontalHeader()
    places = [
        QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) * part // 8, 10)
        for column, part in ((at, 4), (to, 7 if to > at else 1))
    ]
    view, left = header.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(view, left, pos=places[0])
    for step in range(1, 6):
        QTest.mouseMove(view, QPoint(places[0].x() + (places[1].x() - places[0].x()) * step // 5, 10))
    QTest.mouseRelease(view, left, pos=places[1])


@pytest.mark.parametrize(("at", "to", "names"), [(0, 2, "BCA"), (2, 0, "CAB"), (1, 2, "ACB")])
def test_dragging_a_heading_moves_the_class_in_one_undoable_step(window, at, to, names):
    before, document = contents(window.document.state), window.document
    drag(window, at, to)
    assert "".join(document.state.predictions.class_names) == names
    assert document.stack.count() == 1
    assert window.focus.column == to
    header = window.grid.cells.horizontalHeader()
    assert not header.sectionsMoved() or [header.logicalIndex(i) for i in range(3)] == [0, 1, 2]
    document.undo()
    assert contents(document.state) == before


def test_a_press_that_goes_nowhere_sorts_and_moves_nothing(window):
    header = window.grid.cells.horizontalHeader()
    where = QPoint(header.sectionViewportPosition(1) + 20, 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert window.document.stack.count() == 0
    assert window.focus.listing.sort.column == 1


def test_keys_do_the_same_and_the_heading_says_so(window):
    window.focus.go_to(0, 0)
    window.tools.acts["class_right"].trigger()
    assert window.document.state.predictions.class_names == ("B", "A", "C")
    assert window.focus.column == 1
    tip = window.grid.model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "drag to move" in tip
    assert window.tools.acts["class_left"].shortcut().toString().replace("Ctrl+Alt+", "") == "Left"


def test_weights_labels_and_cells_go_with_their_class(window):
    held = window.document.state.predictions
    old, labels = held.probs.copy(), held.labels.copy()
    drag(window, 0, 2)
    new = window.document.state.predictions
    assert np.array_equal(new.probs, old[:, :, [1, 2, 0]])
    assert [new.class_names[label] for label in new.labels] == ["ABC"[label] for label in labels]
