"""What a window does when a file arrives, and in which order."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject

from lossacc_gui import files
from lossacc_gui.core.edits import SetLabels
from lossacc_gui.core.metrics import ACCURACY
from lossacc_gui.ui.opening import READY_MS
from lossacc_gui.ui.tiles import FittingLabel
from lossacc_gui.ui.views import View

RIGHT = 30
"""Of 40 rows."""


@pytest.fixture
def file(tmp_path):
    labels = np.arange(40) % 5
    probs = np.full((40, 5), 0.1)
    probs[np.arange(40), np.where(np.arange(40) < RIGHT, labels, (labels + 1) % 5)] = 0.6
    np.save(tmp_path / "run_pred_probs.npy", probs)
    np.save(tmp_path / "run_labels.npy", labels)
    return tmp_path / "run_pred_probs.npy"


class Painted(QObject):
    """Notes what the accuracy tile shows whenever its value has to be painted."""

    def __init__(self, window, order):
        super().__init__(window)
        self._tile, self._order = next(t for t in window.tools.tiles if ACCURACY in t.metrics), order
        self._tile.findChildren(FittingLabel)[1].installEventFilter(self)

    def eventFilter(self, _, event):
        if event.type() is QEvent.Type.Paint:
            self._order.append(self._tile.shown[0])
        return False


def test_what_a_file_says_is_painted_before_the_grid_and_any_view_see_it(window, file, qtbot, monkeypatch):
    order: list[str] = []
    draw = View.draw

    def noted(view, scene, **how):
        order.append(view.what.key)
        draw(view, scene, **how)

    monkeypatch.setattr(View, "draw", noted)
    window.grid.model.modelAboutToBeReset.connect(lambda: order.append("grid"))
    Painted(window, order)
    with qtbot.waitSignal(window.opening.opened):
        window.opening.open(str(file))
    assert order[:2] == ["75.00%", "grid"]
    assert set(window.views) <= set(order)
    assert window.document.evaluation.tally.hits == RIGHT


def test_an_edit_is_painted_with_the_next_frame_as_ever(window):
    order: list[str] = []
    Painted(window, order)
    label = window.document.state.predictions.labels[0]
    window.document.edit(SetLabels(np.array([0]), np.array([(label + 1) % 3])))
    assert order == []


def test_what_reads_files_is_loaded_when_the_window_has_time(window, qtbot, monkeypatch):
    assert window.opening._idle.interval() == READY_MS
    monkeypatch.setattr(files, "_HOMES", {"one": "opening", "other": "opening"})
    loaded: list[str] = []
    monkeypatch.setattr(files, "import_module", loaded.append)
    window.opening._idle.start(0)
    qtbot.waitUntil(lambda: bool(loaded))
    assert loaded == ["lossacc_gui.files.opening"]
