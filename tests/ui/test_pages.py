"""A file with more rows than are held one by one: images to turn over, and tiles that count them all."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel

from lossacc_gui.core.edits import SetBaseline, SetCells
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metric_table import metric_table
from lossacc_gui.core.metrics import ACCURACY
from lossacc_gui.core.paging import every_row
from lossacc_gui.core.state import Baseline
from lossacc_gui.session.counting import Counting
from lossacc_gui.ui.ask_line import ROW
from lossacc_gui.ui.views import NOT_OF_PAGES
from lossacc_gui.ui.window import Window
from tests.ui.conftest import tile

IMAGES, HEIGHT, WIDTH = 3, 300, 400


@pytest.fixture
def path(tmp_path):
    """Pixel predictions: images of 120,000 rows, and their labels beside."""
    draw = np.random.default_rng(3)
    cells = draw.dirichlet(np.ones(3), (IMAGES, HEIGHT, WIDTH)).astype(np.float32)
    np.save(tmp_path / "seg_pred_probs.npy", cells)
    np.save(tmp_path / "seg_labels.npy", draw.integers(0, 3, cells.shape[:-1]).astype(np.uint8))
    return tmp_path / "seg_pred_probs.npy"


@pytest.fixture
def pages(open_window, path) -> Window:
    """A window in which the file is open, with nothing counted yet but the first image."""
    window: Window = open_window(size=(1280, 800))
    window.opening.large_rows = 100_000
    window.opening.open(str(path))
    window.document.jobs.wait()
    return window


def turn(window: Window, number: int) -> None:
    window.card.pager.number.setValue(number)
    window.document.jobs.wait()
    QApplication.processEvents()


def test_one_image_is_shown_and_all_are_counted(pages):
    assert pages.grid.model.rowCount() == HEIGHT * WIDTH
    pages.document.counting.jobs.wait()
    whole = every_row(pages.document.state)
    tally = evaluate(whole, pages.document.state.convention).tally
    accuracy = ACCURACY.of(tally, pages.document.state.convention).value
    assert accuracy is not None
    assert f"{100 * accuracy:.2f}" in tile(pages, "accuracy")[0]
    assert "360,000" in pages.status.findChildren(type(pages.status._source))[0].text()


def test_what_looks_odd_is_said_of_the_page_that_was_looked_at(open_window, tmp_path):
    cells = np.random.default_rng(3).dirichlet(np.ones(3), (IMAGES, HEIGHT, WIDTH)).astype(np.float32)
    np.save(tmp_path / "seg_pred_probs.npy", cells)
    np.save(tmp_path / "seg_labels.npy", ((cells.argmax(-1) + 1) % 3).astype(np.uint8))
    window = open_window(size=(1280, 800))
    window.opening.large_rows = 100_000
    window.opening.open(str(tmp_path / "seg_pred_probs.npy"))
    window.document.jobs.wait()
    window.curve_jobs.wait()
    said = [label.text() for label in window.notices.findChildren(QLabel)]
    assert any(text.startswith("In image 1 of 3: 3 classes of 3 may stand") for text in said), said
    turn(window, 2)
    window.curve_jobs.wait()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    said = [label.text() for label in window.notices.findChildren(QLabel)]
    assert all("In image 1" not in text for text in said), said


def test_tiles_say_how_much_is_counted(pages, monkeypatch):
    with monkeypatch.context() as before_it_counts:
        before_it_counts.setattr(Counting, "go_on", lambda *_: None)
        pages.opening.reload()
        pages.document.jobs.wait()
    assert tile(pages, "accuracy")[1].endswith("120,000 rows")
    title = pages.tools.tiles[0]._title.wordings[-1]
    assert "so far, 33%" in title
    assert "so far" in pages.card.pager.text
    assert pages.card.pager.count.isVisible()
    pages.card.pager.count.click()
    pages.document.counting.jobs.wait()
    assert pages.document.counting.done
    assert "tiles: all 360,000 rows" in pages.card.pager.text
    assert not pages.card.pager.count.isVisible()


def test_turning_shows_another_image_and_says_so(pages):
    turn(pages, 2)
    held = pages.document.state.predictions.probs[0, 0, 0]
    assert pages.grid.model.look(0).cells[0] == pytest.approx(float(held))
    assert "Image 2 of 3" in pages.strip.text
    assert pages.card.pager.text.startswith("grid and views: image 2 of 3")


def test_going_to_a_row_of_the_file_turns_to_its_image(pages):
    pages.finding._on_answered(ROW, str(2 * HEIGHT * WIDTH + 8))
    pages.document.jobs.wait()
    QApplication.processEvents()
    assert pages.document.state.page.number == 2
    assert pages.focus.row == 7
    pages.finding._on_answered(ROW, str(3 * HEIGHT * WIDTH + 1))
    assert "none of 360,000" in pages.strip.text


def test_a_filter_is_of_one_image_and_goes_with_it(pages):
    pages.filtering.wrong()
    pages.document.jobs.wait()
    assert pages.grid.model.rowCount() < HEIGHT * WIDTH
    turn(pages, 3)
    assert pages.grid.model.rowCount() == HEIGHT * WIDTH


def test_undo_on_another_image_turns_back(pages):
    pages.document.counting.jobs.wait()
    pages.document.edit(SetCells(np.array([5]), np.array([1]), np.array([0.9])))
    turn(pages, 3)
    pages.editing.undo()
    assert pages.document.state.page.number == 0
    assert pages.card.pager.number.value() == 1
    assert "Undone" in pages.strip.text


def test_sharpening_all_is_refused_with_the_convention_that_does_it(pages):
    pages.exploring.push_up()
    pages.document.jobs.wait()
    before = every_row(pages.document.state).probs.copy()
    pages.editing.delete_rows()
    assert "too many to be copied" in pages.strip.text
    assert np.array_equal(every_row(pages.document.state).probs, before)


def test_a_baseline_waits_for_all_rows(pages):
    pages.document.counting.jobs.wait()
    pages.editing.pin()
    pinned = pages.document.state.baseline
    assert pinned.tally.rows == IMAGES * HEIGHT * WIDTH


def test_labels_are_taken_for_all_images(pages, tmp_path):
    labels = np.full(IMAGES * HEIGHT * WIDTH, 2, np.uint8)
    np.save(tmp_path / "y.npy", labels)
    pages.opening.take_labels(str(tmp_path / "y.npy"))
    pages.document.jobs.wait()
    pages.document.counting.jobs.wait()
    assert (every_row(pages.document.state).labels == 2).all()
    assert pages.document.tally.labels[0].tolist() == [0, 0, len(labels)]


def test_all_images_are_saved(pages, tmp_path):
    turn(pages, 2)
    pages.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.125])))
    pages.saving.save_to(str(tmp_path / "out.npz"))
    pages.document.jobs.wait()
    with np.load(tmp_path / "out.npz") as saved:
        assert saved["pred_probs"].reshape(-1, 3).shape == (IMAGES * HEIGHT * WIDTH, 3)
        assert saved["pred_probs"].reshape(-1, 3)[HEIGHT * WIDTH, 0] == 0.125
    assert pages.document.is_saved


def test_every_view_says_which_rows_it_is_of(pages):
    pages.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.25])))
    for view in pages.views.values():
        view.dock.show()
        view.dock.raise_()
        QApplication.processEvents()
        pages._draw_curves()
        pages.curve_jobs.wait()
        said = view.card.reading.accessibleName()
        of_page = said.startswith("In image 1 of 3: ")
        assert of_page != (view.what.key in NOT_OF_PAGES or not said), (view.what.key, said)


def test_a_page_is_not_compared_with_all_rows(pages):
    pages.document.edit(
        SetBaseline(Baseline("pinned", pages.document.tally, pages.document.state.convention))
    )
    pages.document.edit(SetCells(np.array([0]), np.array([0]), np.array([0.25])))
    table = metric_table(pages.scene())
    assert {line.before for line in table.lines} == {None}
