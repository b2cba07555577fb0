"""A window from its opening to its end: what it remembers, asks and leaves behind."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QMessageBox

from lossacc_gui.core.convention import Convention, preset
from lossacc_gui.core.edits import SetCells, SetConvention
from lossacc_gui.core.rules import Rule
from lossacc_gui.files import FORMATS
from lossacc_gui.scenarios import SCENARIOS
from lossacc_gui.session import document as session
from lossacc_gui.session.settings import Settings
from lossacc_gui.ui.access_keys import key_of
from lossacc_gui.ui.app import Wish, make_window
from lossacc_gui.ui.dialogs import EQUAL, RANDOM, ZERO, NewMatrix, new_predictions
from lossacc_gui.ui.theme import Scheme
from lossacc_gui.ui.window import FIRST_SIZE
from tests.core.strategies import contents
from tests.ui.conftest import stated, tile

Buttons = QMessageBox.StandardButton

LEARN = {"sweep", "bars", "plane", "history"}
"""The views in sight at first."""


def cell(row, column, value):
    return SetCells(np.array([row]), np.array([column]), np.array([value]))


@pytest.fixture
def answers(monkeypatch):
    """What the user answers to questions; a question nobody expected fails."""
    given: list[Buttons] = []
    asked: list[str] = []

    def answer(box):
        asked.append(box.text())
        return given.pop(0)

    monkeypatch.setattr(QMessageBox, "exec", answer)
    return given, asked


# --- the end --------------------------------------------------------------------------------------


def test_a_closed_window_leaves_nothing_behind(qapp):
    window = make_window(Wish(SCENARIOS[0]), Settings(), Scheme.LIGHT)
    window.show()
    QApplication.processEvents()
    window.document.edit(cell(1, 1, 0.3))
    window.document.undo()
    window.document.set_saved(window.document.state.source, window.document.revision)
    parts = [window, window.document, window.grid, window.grid.model, *window.views.values()]
    parts += [view.view for view in window.views.values()]
    dead = [weakref.ref(part) for part in parts]
    del parts
    window.close()
    window.deleteLater()
    del window
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
        gc.collect()
    assert [ref() for ref in dead if ref() is not None] == []


def test_closing_ends_the_threads(window, qtbot, monkeypatch):
    monkeypatch.setattr(session, "JOB_CELLS", 5)
    window.document.edit(SetConvention(preset("keras")))
    assert window.document.jobs.is_busy()
    window.document.set_saved(window.document.state.source, window.document.revision)
    window.close()
    assert not window.document.jobs.is_busy()
    assert window.document.jobs._thread is None


# --- what is remembered ---------------------------------------------------------------------------


def test_place_layout_and_colours_come_back(open_window):
    first = open_window()
    size = first.minimumSizeHint().width(), 701  # offscreen there is one small screen to fit into
    first.resize(*size)
    first.views["history"].dock.close()
    first.dressing.choose("dark")
    QApplication.processEvents()
    first.close()
    again = open_window(show=False)
    again.restore()
    again.show()
    QApplication.processEvents()
    assert (again.width(), again.height()) == size
    assert not again.views["history"].dock.isVisible()
    assert again.views["sweep"].dock.isVisible()
    assert Settings().text("theme", "") == "dark"


def test_the_first_window_stays_on_a_small_screen(open_window):
    window = open_window(show=False)
    room = window.screen().availableSize()
    assert room.width() < FIRST_SIZE.width()  # offscreen
    window.restore()
    assert window.isMaximized()
    assert window.size().boundedTo(room) == window.size()  # when it is not maximised any more
    window.show()
    QApplication.processEvents()
    assert window.screen().availableGeometry().contains(window.frameGeometry())


@pytest.mark.parametrize("key", ["geometry", "layout", "decimals", "theme", "folder"])
def test_garbage_in_the_settings_does_no_harm(open_window, key):
    store = Settings()
    store.put(key, "garbage")
    store.save()
    window = open_window(show=False)
    window.restore()
    window.show()
    QApplication.processEvents()
    assert window.grid.model.words.decimals == 4
    assert {key for key, view in window.views.items() if view.in_sight} == LEARN


# --- unsaved changes ------------------------------------------------------------------------------


def test_nothing_is_asked_when_nothing_changed(window, answers):
    assert window.close()
    assert answers[1] == []


@pytest.mark.parametrize(("answer", "closed"), [(Buttons.Cancel, False), (Buttons.Discard, True)])
def test_unsaved_changes_ask_on_closing(window, answers, answer, closed):
    window.document.edit(cell(1, 1, 0.3))
    answers[0].append(answer)
    assert window.close() is closed
    assert window.isVisible() is not closed
    assert len(answers[1]) == 1
    assert "Same loss, different accuracy" in answers[1][0]


def test_save_on_closing_saves_and_closes(window, answers, monkeypatch, tmp_path):
    path = tmp_path / "mine.npz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.document.edit(cell(1, 1, 0.3))
    answers[0].append(Buttons.Save)
    assert window.close()
    assert path.exists()


def test_save_on_closing_that_is_broken_off_keeps_the_window(window, answers, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    window.document.edit(cell(1, 1, 0.3))
    answers[0].append(Buttons.Save)
    assert not window.close()
    assert window.isVisible()


def test_another_convention_alone_is_not_worth_a_question(window, answers):
    window.editing.set_convention(preset("keras"))
    assert not window.document.is_saved  # a project file would hold it
    assert window.close()
    assert answers[1] == []


def open_another(window, how, tmp_path):
    """Put something else in the place of what is there, in each way there is."""
    path = tmp_path / "other.npy"
    np.save(path, np.full((2, 2), 0.5))
    match how:
        case "open":
            window.opening.ask_open()
        case "drop":
            window.opening.open_dropped([str(path)])
        case "new":
            window.tools.acts["new"].trigger()
        case "scenario":
            window.tools.scenarios.chosen.emit(SCENARIOS[1].key)
    window.document.jobs.wait()


@pytest.mark.parametrize("how", ["open", "drop", "new", "scenario"])
def test_opening_something_else_asks_nothing_and_says_how_to_go_back(
    window, answers, monkeypatch, tmp_path, how
):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "other.npy"), ""))
    fill(monkeypatch)
    window.document.edit(cell(1, 1, 0.3))
    mine = window.document.state.source.name
    open_another(window, how, tmp_path)
    assert window.document.state.source.name != mine
    assert window.document.is_saved
    assert answers[1] == []
    assert f"Ctrl+Z brings back “{mine}” with its changes." in window.strip.text
    window.document.undo()
    assert window.document.state.predictions.probs[0, 1, 1] == 0.3


def test_nothing_is_said_of_going_back_where_nothing_was_changed(window, tmp_path):
    open_another(window, "drop", tmp_path)
    assert "Ctrl+Z" not in window.strip.text


@pytest.mark.parametrize("press", ["Go back to them", "Discard", "Cancel"])
def test_closing_offers_work_that_gave_way_to_a_file_unsaved(window, monkeypatch, tmp_path, press):
    asked = []

    def answer(box):
        asked.append(box.text())
        keys = [key_of(each.text()) for each in box.buttons()]
        assert all(keys)
        assert len(set(keys)) == len(keys)
        (button,) = (each for each in box.buttons() if each.text().replace("&", "") == press)
        button.click()

    monkeypatch.setattr(QMessageBox, "exec", answer)
    window.document.edit(cell(1, 1, 0.3))
    open_another(window, "drop", tmp_path)
    assert window.close() is (press == "Discard")
    assert asked == ["Go back to the changes to “Same loss, different accuracy”? They were never saved."]
    back = window.document.state.source.name == "Same loss, different accuracy"
    assert back is (press == "Go back to them")


def test_every_answer_about_unsaved_changes_has_a_key_of_its_own(window, monkeypatch):
    keys: list[str] = []

    def answer(box):
        keys.extend(key_of(each.text()) for each in box.buttons())
        return Buttons.Discard

    monkeypatch.setattr(QMessageBox, "exec", answer)
    window.document.edit(cell(1, 1, 0.3))
    window.close()
    assert sorted(keys) == ["c", "d", "s"]


def test_work_that_was_saved_after_all_is_not_asked_about(window, answers, tmp_path):
    window.document.edit(cell(1, 1, 0.3))
    open_another(window, "drop", tmp_path)
    window.document.undo()
    window.saving.save_to(str(tmp_path / "mine.npz"))
    window.document.jobs.wait()
    window.document.redo()
    assert window.document.left_behind == ()


# --- File > New -----------------------------------------------------------------------------------


def fill(monkeypatch, rows=4, classes=3, names="", kind=EQUAL, accept=True):
    """Answer the dialog as a user would."""

    def answer(dialog):
        dialog.rows.setValue(rows)
        dialog.classes.setValue(classes)
        dialog.names.setText(names)
        dialog.fill.setCurrentText(kind)
        return QDialog.DialogCode.Accepted if accept else QDialog.DialogCode.Rejected

    monkeypatch.setattr(NewMatrix, "exec", answer)


@pytest.mark.parametrize("kind", [EQUAL, RANDOM, ZERO])
def test_a_new_matrix_is_as_large_as_asked(window, monkeypatch, kind):
    fill(monkeypatch, 5, 4, kind=kind)
    window.tools.acts["new"].trigger()
    held = window.document.state.predictions
    assert (held.rows, held.classes) == (5, 4)
    assert held.class_names == ("A", "B", "C", "D")
    assert held.labels.tolist() == [0, 1, 2, 3, 0]
    assert window.document.is_saved
    assert window.grid.model.rowCount() == 5
    if kind != ZERO:
        assert held.probs[0].sum(axis=1) == pytest.approx(1)
    window.document.undo()
    assert window.document.state.source.name == "Same loss, different accuracy"


def test_a_second_new_matrix_is_told_as_new_and_marked_in_the_history(window, monkeypatch):
    for rows in (4, 12):
        fill(monkeypatch, rows, 3)
        window.tools.acts["new"].trigger()
        assert window.strip.text.startswith(f"New matrix: untitled, {rows} × 3.")
        assert "rose" not in window.strip.text
    assert [point.opened for point in window.document.history] == [0, 1, 2]


def test_names_decide_the_number_of_classes(window, monkeypatch):
    fill(monkeypatch, names="cat, dog; fox ,owl")
    window.tools.acts["new"].trigger()
    assert window.document.state.predictions.class_names == ("cat", "dog", "fox", "owl")


def test_names_that_do_not_fit_are_refused_and_change_nothing(window, monkeypatch):
    before = contents(window.document.state)
    fill(monkeypatch, names="cat, cat")
    window.tools.acts["new"].trigger()
    assert contents(window.document.state) == before
    assert "cat" in window.strip.text
    assert "taken" in window.strip.text


def test_new_can_be_broken_off(window, monkeypatch):
    before = contents(window.document.state)
    fill(monkeypatch, accept=False)
    window.tools.acts["new"].trigger()
    assert contents(window.document.state) == before
    assert window.document.stack.count() == 0


def test_what_is_typed_first_into_the_new_dialog_replaces_the_number(window, qtbot):
    dialog = NewMatrix(window)
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.keyClicks(dialog.focusWidget(), "4")
    assert dialog.rows.value() == 4
    dialog.deleteLater()


def test_a_new_matrix_says_that_the_convention_stays(window, monkeypatch):
    window.editing.set_convention(preset("sklearn"))
    fill(monkeypatch)
    window.tools.acts["new"].trigger()
    assert "Read as scikit-learn, as before" in window.strip.text


def test_many_classes_are_numbered():
    assert new_predictions(2, 27, "", EQUAL).class_names[:2] == ("0", "1")


# --- the Edit menu --------------------------------------------------------------------------------


def test_rows_and_classes_come_and_go(window, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("D", True))
    acts, document = window.tools.acts, window.document
    acts["insert_row"].trigger()
    assert document.state.predictions.probs[0, 2] == pytest.approx([1 / 3] * 3)
    assert document.state.predictions.labels.tolist() == [0, 2, -1, 1]  # nobody chose one for the new row
    acts["insert_class"].trigger()
    assert document.state.predictions.class_names == ("A", "B", "D", "C")
    acts["delete_class"].trigger()
    acts["delete_rows"].trigger()
    assert document.step == 4
    document.go_to(0)
    assert document.state.predictions.probs.shape == (1, 3, 3)
    assert tile(window, "cross_entropy")[0] == "0.9378"


def test_a_class_is_renamed_by_its_heading(window, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("bee", True))
    window.grid.cells.horizontalHeader().sectionDoubleClicked.emit(1)
    assert window.document.state.predictions.class_names == ("A", "bee", "C")
    assert "bee" in window.strip.text


def test_the_last_row_and_the_second_class_stay(window):
    window.grid.cells.selectAll()
    window.tools.acts["delete_rows"].trigger()
    assert "no row would be left" in window.strip.text
    assert window.document.state.predictions.rows == 3
    window.tools.acts["delete_class"].trigger()
    window.tools.acts["delete_class"].trigger()
    assert "at least two" in window.strip.text
    assert window.document.state.predictions.classes == 2


def test_an_edit_after_an_undone_insertion_moves_the_tiles(window):
    """Undo builds the matrix anew; what is shown must be made of that one."""
    window.tools.acts["insert_row"].trigger()
    window.document.undo()
    window.grid.model.setData(window.grid.model.index(1, 1), "0.3")
    assert tile(window, "accuracy")[0] == "66.67%"
    assert "✓" in window.grid.model.data(window.grid.model.index(1, 4))


# --- files ----------------------------------------------------------------------------------------

FILES = pytest.mark.skipif(not FORMATS, reason="needs the formats")


@pytest.fixture
def file(tmp_path):
    """Predictions with labels and names, as another program would write them."""
    path = tmp_path / "theirs.npz"
    cells = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.6, 0.3, 0.1]])
    np.savez(path, pred_probs=cells, labels=np.array([0, 1, 2, 1]), class_names=np.array(["x", "y", "z"]))
    return path


def load(window, path, qtbot, labels=None):
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.opening.open(str(path), labels)


@FILES
def test_a_file_opens_as_one_step_that_undo_takes_back(window, file, qtbot):
    first = contents(window.document.state)
    changes: list[object] = []
    window.document.changed.connect(changes.append)
    load(window, file, qtbot)
    assert len(changes) == 1
    assert tile(window, "accuracy")[0] == "75.00%"
    assert window.document.state.predictions.class_names == ("x", "y", "z")
    assert "theirs" in window.windowTitle()
    assert window.document.is_saved
    assert (window.focus.row, window.focus.column) == (0, 0)
    window.document.undo()
    assert contents(window.document.state) == first


@FILES
def test_a_temperature_is_none_of_another_file_s(window, file, qtbot):
    window.document.edit(SetConvention(Convention(clip=1e-7, temperature=0.5)), "T")
    load(window, file, qtbot)
    assert window.document.state.convention == Convention(clip=1e-7)
    window.document.edit(SetConvention(Convention(temperature=2.0)), "T")
    load(window, file, qtbot)  # the same again
    assert window.document.state.convention == Convention(temperature=2.0)


@FILES
def test_the_menu_opens_what_the_dialog_gives(window, file, monkeypatch, qtbot):
    offered: list[str] = []

    def choose(_parent, _title, _folder, kinds):
        offered.append(kinds)
        return str(file), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.tools.acts["open"].trigger()
    assert window.document.state.predictions.rows == 4
    for suffix in (".npy", ".npz", ".csv", ".tsv"):
        assert f"*{suffix}" in offered[0]


@FILES
def test_undo_back_to_what_was_opened_has_no_star_and_asks_nothing(window, tmp_path):
    for name, cells in (("a.npy", [[0.5, 0.5]]), ("b.npy", [[0.25, 0.75]])):
        np.save(tmp_path / name, np.array(cells))
        window.opening.open(str(tmp_path / name))
        window.document.jobs.wait()
    assert not window.isWindowModified()
    window.document.undo()
    assert window.windowTitle().startswith("a.npy")
    assert not window.isWindowModified()
    window.document.edit(cell(0, 0, 0.75))
    assert window.isWindowModified()
    window.document.undo()
    assert not window.isWindowModified()
    assert window.saving.may_discard()  # a question would wait for ever


def test_what_is_saved_opens_as_it_was(window, tmp_path, monkeypatch, qtbot):
    window.document.edit(cell(1, 1, 0.3))
    window.document.edit(cell(0, 0, 1 / 3))
    held = window.document.state.predictions
    for suffix in (".npz", ".csv"):
        path = tmp_path / f"mine{suffix}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (str(path), ""))
        window.tools.acts["save_as"].trigger()
        window.document.jobs.wait()
        assert window.document.is_saved
        assert path.name in window.windowTitle()
        load(window, path, qtbot)
        opened = window.document.state.predictions
        assert opened is not held
        assert opened.probs.tobytes() == held.probs.tobytes()
        assert opened.labels.tolist() == held.labels.tolist()
        assert opened.class_names == held.class_names
        window.document.edit(cell(0, 0, 0.25))
        window.tools.acts["save"].trigger()  # where it came from, without a question
        window.document.jobs.wait()
        assert window.document.is_saved
        load(window, path, qtbot)
        assert window.document.state.predictions.probs[0, 0, 0] == 0.25
        window.document.edit(cell(0, 0, 1 / 3))


@FILES
def test_a_save_that_fails_says_why_and_stays_unsaved(window, tmp_path):
    window.document.edit(cell(1, 1, 0.3))
    window.saving.save_to(str(tmp_path / "no such folder" / "x.npz"))
    window.document.jobs.wait()
    assert "x.npz" in window.strip.text
    assert not window.document.is_saved


@FILES
def test_edits_made_while_a_large_file_is_saved_stay_unsaved(window, tmp_path, qtbot):
    """Even when as many steps are done as there were: what counts is what was written."""
    target = tmp_path / "x.npz"
    window.document.edit(cell(1, 1, 0.3))
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.saving.save_to(str(target))
        window.document.undo()
        window.document.edit(cell(1, 1, 0.2))
    written = np.load(target)["pred_probs"][1, 1]
    assert window.document.is_saved == (written == 0.2)
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.saving.save_to(str(target))
    assert window.document.is_saved
    assert np.load(target)["pred_probs"][1, 1] == 0.2


@FILES
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.npy", b"not numpy"),
        ("x.csv", b"a,b\n1,2,3\n"),
        ("x.npz", b"PK broken"),
        ("x.xyz", b"?"),
        ("x.npy", None),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing_and_is_told(window, tmp_path, qtbot, name, content):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = contents(window.document.state)
    load(window, path, qtbot)
    assert contents(window.document.state) == before
    assert window.document.stack.count() == 0
    assert name in window.strip.text
    assert not window.status._progress.isVisible()


@FILES
def test_opening_can_be_cancelled_and_then_changes_nothing(window, file, qtbot):
    before = contents(window.document.state)
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.opening.open(str(file))
        window.status._cancel.click()
    assert contents(window.document.state) == before
    assert window.document.stack.count() == 0
    load(window, file, qtbot)
    assert window.document.state.predictions.rows == 4


def drop(window, *paths) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(50, 50), action, data, button, Qt.KeyboardModifier.NoModifier))


@FILES
def test_a_dropped_file_opens(window, file, qtbot):
    with qtbot.waitSignal(window.document.jobs.emptied):
        drop(window, file)
    assert window.document.state.predictions.rows == 4


@FILES
def test_predictions_and_labels_dropped_in_any_order_belong_together(window, tmp_path, qtbot):
    np.save(tmp_path / "p.npy", np.array([[0.4, 0.6], [0.9, 0.1]]))
    np.save(tmp_path / "my_labels.npy", np.array([1, 1]))
    with qtbot.waitSignal(window.document.jobs.emptied):
        drop(window, tmp_path / "my_labels.npy", tmp_path / "p.npy")
    assert window.document.state.predictions.labels.tolist() == [1, 1]
    assert tile(window, "accuracy")[0] == "50.00%"


@FILES
def test_a_dropped_folder_opens_with_its_epochs_and_two_predictions_are_refused(window, tmp_path, qtbot):
    folder = tmp_path / "run"
    folder.mkdir()
    for k in range(3):
        np.save(folder / f"epoch_{k}.npy", np.full((2, 2), 0.5))
    np.save(folder / "labels.npy", np.array([1, 0]))
    with qtbot.waitSignal(window.document.jobs.emptied):
        drop(window, folder)
    assert window.document.state.predictions.epochs == 3
    assert window.document.state.predictions.labels.tolist() == [1, 0]
    for name in ("a.npy", "b.npy"):
        np.save(tmp_path / name, np.full((2, 2), 0.5))
    drop(window, tmp_path / "a.npy", tmp_path / "b.npy")
    assert "'a.npy', 'b.npy' may each be the predictions" in window.strip.text
    assert window.document.state.predictions.epochs == 3


@FILES
def test_labels_from_a_file_are_one_step(window, tmp_path, qtbot):
    np.save(tmp_path / "y.npy", np.array([1, 1, 1]))
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.opening.take_labels(str(tmp_path / "y.npy"))
    assert window.document.state.predictions.labels.tolist() == [1, 1, 1]
    assert window.document.step == 1
    np.save(tmp_path / "y.npy", np.array([1, 1]))
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.opening.take_labels(str(tmp_path / "y.npy"))
    assert window.document.step == 1
    assert "2 labels for 3 rows" in window.strip.text


@FILES
@pytest.mark.parametrize(
    ("name", "accuracy", "by_hand", "keras"),
    [("mnist", "99.13%", "0.0303", "0.0303"), ("20news", "92.34%", "∞", "0.5579")],
)
def test_real_predictions_open_and_stay_live(window, shared_data, qtbot, name, accuracy, by_hand, keras):
    load(window, shared_data / f"{name}_pred_probs.npy", qtbot, str(shared_data / f"{name}_labels.npy"))
    assert tile(window, "accuracy")[0] == accuracy
    assert tile(window, "cross_entropy")[0] == by_hand
    window.editing.set_convention(preset("keras"))
    window.document.jobs.wait()  # so many cells are read anew in a job
    assert tile(window, "cross_entropy")[0] == keras
    window.focus.set_rule(Rule.ONLY)
    window.grid.model.setData(window.grid.model.index(0, 0), "0.5")
    assert window.document.step == 3
    qtbot.waitUntil(lambda: not window.curve_jobs.is_busy())


def test_a_stack_of_epochs_is_walked_without_a_step(open_window):
    cells = np.array([[[0.3, 0.7], [0.3, 0.7]], [[0.8, 0.2], [0.1, 0.9]]])
    window = open_window(stated(cells, [0, 0]))
    assert window.card.head.epoch.isVisible()
    assert tile(window, "accuracy")[0] == "0.00%"
    window.card.head.epoch.setValue(2)
    assert tile(window, "accuracy")[0] == "50.00%"
    assert window.grid.model.data(window.grid.model.index(0, 0)) == "0.8000"
    assert window.document.stack.count() == 0
