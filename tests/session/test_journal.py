"""What a crash gives back is exactly what was there, to the last step."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from lossacc_gui import files
from lossacc_gui.core.convention import preset
from lossacc_gui.core.edits import Replace, SetCells, SetConvention, SetLabels
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.state import Source, State
from lossacc_gui.session import document as session
from lossacc_gui.session import journal as journals
from lossacc_gui.session.document import Document
from lossacc_gui.session.drag import Drag
from lossacc_gui.session.journal import Journal
from lossacc_gui.session.journal_file import KIND, MAGIC, NAME, packed, read_heads, write_cells
from lossacc_gui.session.recovery import find, load, replay, restore
from tests.core.strategies import contents, copied, states
from tests.patience import PATIENCE
from tests.session.conftest import example
from tests.session.restoring import restore_all
from tests.session.test_laws import check, wander
from tests.thorough import examples


def cell(row, column, value, epoch=0):
    return SetCells(np.array([row]), np.array([column]), np.array([value]), epoch)


def recorded(document: Document, root: Path) -> Journal:
    """The document's journal, begun now."""
    document.journal = Journal(root, document)
    document.journal.begin(document.state)
    return document.journal


def folder_of(journal: Journal) -> Path:
    assert journal.folder is not None
    return journal.folder


def crash(document: Document) -> None:
    """End the way a killed process does: the system lets go of the lock, and nothing is removed."""
    assert document.journal is not None
    document.journal._stop()


def story(document: Document) -> tuple[Any, ...]:
    """All that has to come back: what is there, where it stands, and the way that led to it."""
    stack = document.stack
    texts = [stack.text(i) for i in range(stack.count())]
    return contents(document.state), document.epoch, document.step, texts, repr(document.history)


def whole_story(document: Document) -> list[Any]:
    """The story at every step."""
    here, told = document.step, [story(document)]
    for step in range(document.stack.count() + 1):
        document.go_to(step)
        document.jobs.wait()
        told.append(contents(document.state))
    document.go_to(here)
    document.jobs.wait()
    return told


def brought_back(root: Path, make: Callable[..., Document] = Document) -> Document:
    """A fresh document with what the only dead journal holds."""
    (lost,) = find(root)
    other = make(example())
    try:
        restore_all(other, lost, load(lost))
    finally:
        lost.release()
    return other


@examples(100, HealthCheck.function_scoped_fixture)
@given(states(), st.data())
def test_whatever_was_done_comes_back(qapp, tmp_path, state, data):
    root = tmp_path / os.urandom(4).hex()
    document = Document(copied(state))
    try:
        recorded(document, root)
        wander(document, data)
        document.edit(cell(0, 0, 0.375))
        document.edit(cell(0, 0, 0.625))  # so that there is something unsaved
        document.go_to(data.draw(st.integers(0, document.stack.count() - 1), "at last"))
        if document.is_saved:  # then there is nothing to bring back
            document.edit(cell(0, 0, 0.75 if document.state.predictions.probs[0, 0, 0] == 0.5 else 0.5))
        crash(document)
        other = brought_back(root)
        try:
            assert story(other) == story(document)
            check(other, [])
            assert whole_story(other) == whole_story(document)
            assert not other.is_saved
        finally:
            other.close()
    finally:
        document.close()


def test_merged_drags_come_back_as_one_step_and_merge_with_nothing_later(make, focus, tmp_path):
    document = make()
    recorded(document, tmp_path)
    drag = Drag(document, focus)
    for values in ((0.2, 0.4, 0.7), (0.6, 0.1), (0.5, 0.1)):  # the last comes back to where it began
        drag.begin()
        for value in values:
            drag.to(value)
        drag.end()
    crash(document)
    other = brought_back(tmp_path, make)
    assert other.stack.count() == document.stack.count() == 2
    another = Drag(other, focus)
    another.begin()
    another.to(0.9)
    assert other.stack.count() == 3


def test_a_second_new_matrix_of_the_same_name_comes_back_as_one_that_was_opened(make, tmp_path):
    document = make(State(Predictions.of(np.full((2, 2), 0.5))))
    recorded(document, tmp_path)
    for rows in (3, 4):
        edit = Replace(State(Predictions.of(np.full((rows, 2), 0.5))), "New matrix", opens=True)
        document.edit(edit, "New matrix", clean=True)
        document.edit(cell(0, 0, 0.9))
    opened = [point.opened for point in document.history]
    assert opened == [0, 1, 1, 2, 2]
    crash(document)
    assert [point.opened for point in brought_back(tmp_path, make).history] == opened


def test_what_a_drag_that_was_taken_back_left_to_be_redone_comes_back(make, focus, tmp_path):
    document = make()
    journal = recorded(document, tmp_path)
    for value in (0.25, 0.375, 0.625):
        document.edit(cell(1, 1, value))
    document.go_to(1)
    drag, folder = Drag(document, focus), journal.folder
    drag.begin()
    for value in (0.2, 0.4):
        drag.to(value)
    drag.take_back()
    document.redo()
    assert journal.folder == folder  # it knows that step, and need not begin anew
    crash(document)
    other = brought_back(tmp_path, make)
    assert story(other) == story(document)
    assert whole_story(other) == whole_story(document)
    assert other.stack.count() == 3


def test_a_crash_in_the_middle_of_a_drag_gives_back_what_was_dragged(make, focus, tmp_path):
    document = make()
    recorded(document, tmp_path)
    document.edit(cell(1, 1, 0.25))
    document.edit(cell(1, 1, 0.375))
    document.undo()
    drag = Drag(document, focus)
    drag.begin()
    for value in (0.2, 0.4):
        drag.to(value)
    crash(document)
    other = brought_back(tmp_path, make)
    assert story(other) == story(document)
    assert other.stack.count() == 2


def test_a_journal_goes_on_after_the_second_crash(make, tmp_path):
    document = make()
    recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.25))
    crash(document)
    second = make()
    second.journal = Journal(tmp_path, second)
    second.journal.begin(second.state)
    (lost,) = find(tmp_path)
    restore(second, lost, replay(load(lost)))
    second.edit(cell(1, 1, 0.125))
    crash(second)
    assert len(list(tmp_path.iterdir())) == 1  # the fresh journal gave way to the one gone on with
    third = brought_back(tmp_path, make)
    assert story(third) == story(second)
    assert third.step == 2


def test_a_torn_last_entry_is_dropped_and_the_rest_is_kept(make, tmp_path):
    document = make()
    journal = recorded(document, tmp_path)
    states_seen, ends = [contents(document.state)], [journal._end]
    for k in range(2):
        document.edit(cell(k % 3, 0, 0.1 + k / 10))
        states_seen.append(contents(document.state))
        ends.append(journal._end)
    crash(document)
    file = folder_of(journal) / NAME
    whole = file.read_bytes()
    for length in range(ends[1], len(whole)):
        file.write_bytes(whole[:length])
        (lost,) = find(tmp_path)
        other = make()
        restore(other, lost, replay(load(lost)))
        lost.release()
        done = sum(end <= length for end in ends) - 1
        assert contents(other.state) == states_seen[done]
        other.close()


def test_a_flipped_bit_ends_the_journal_there(make, tmp_path):
    document = make()
    journal = recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.25))
    before = journal._end
    document.edit(cell(0, 1, 0.25))
    crash(document)
    file = folder_of(journal) / NAME
    content = bytearray(file.read_bytes())
    content[before + 40] ^= 1
    file.write_bytes(content)
    assert brought_back(tmp_path, make).step == 1


def test_only_the_dead_are_found_and_a_clean_end_leaves_nothing(make, tmp_path):
    document = make()
    recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.25))
    assert find(tmp_path) == []
    document.close(done=True)
    assert list(tmp_path.iterdir()) == []


def test_an_end_nobody_asked_for_keeps_what_is_unsaved(make, tmp_path):
    document = make()
    recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.25))
    document.close()
    (lost,) = find(tmp_path)
    lost.release()


def test_what_is_saved_is_not_offered_and_removed(make, tmp_path):
    document = make()
    recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.25))
    document.set_saved(Source("x.npz", "/x.npz"), document.revision)
    crash(document)
    assert find(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_an_edit_made_while_it_was_saved_is_offered(make, tmp_path):
    document = make()
    recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.25))
    taken = document.revision
    document.edit(cell(0, 1, 0.25))
    document.set_saved(Source("x.npz", "/x.npz"), taken)
    crash(document)
    other = brought_back(tmp_path, make)
    assert contents(other.state) == contents(document.state)
    assert other.state.source.name == "x.npz"


def test_unsaved_work_that_gave_way_to_a_file_is_offered(make, tmp_path):
    document = make(example())
    recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.125))
    mine = contents(document.state)
    other = State(Predictions.of([[0.5, 0.5]], [0]), source=Source("other.npy"))
    document.edit(Replace(other, "Open other.npy"), "Open other.npy", clean=True)
    assert document.is_saved
    crash(document)
    (lost,) = find(tmp_path)
    again = make(example())
    recorded(again, tmp_path)
    restore_all(again, lost, load(lost))
    again.undo()
    assert contents(again.state) == mine


def test_what_was_undone_until_it_was_as_saved_is_not_offered(make, tmp_path):
    document = make()
    recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.25))
    document.set_saved(Source("x.npz", "/x.npz"), document.revision)
    document.edit(cell(0, 1, 0.25))
    document.undo()
    assert document.is_saved
    crash(document)
    assert find(tmp_path) == []


def test_a_save_that_ends_while_a_hand_pulls_ends_no_gesture(make, tmp_path):
    """Else the steps after it would come back one off."""
    document = make()
    recorded(document, tmp_path)
    document.edit(cell(1, 0, 0.25))
    document.edit(cell(0, 0, 0.4), gesture=5)
    taken = document.revision
    document.edit(cell(0, 0, 0.41), gesture=5)
    document.set_saved(Source("x.npz", "/x.npz"), taken)
    document.edit(cell(0, 0, 0.42), gesture=5)
    document.edit(cell(1, 0, 0.9))
    document.undo()
    crash(document)
    other = brought_back(tmp_path, make)
    assert story(other) == story(document)


def test_the_steps_are_counted_that_would_be_lost(make, tmp_path):
    """Not what was opened, undone, dragged back or looked at, of which there are many entries."""
    document = make()
    recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.125))
    for name in ("a.npy", "b.npy"):
        other = State(Predictions.of(np.full((2, 2, 2), 0.5), [0, 1]), source=Source(name))
        document.edit(Replace(other), "Open", clean=True)
    document.show_epoch(1)
    document.edit(cell(0, 0, 0.25), gesture=7)
    document.edit(cell(0, 0, 0.375), gesture=7)
    document.edit(cell(0, 1, 0.25), gesture=8)
    document.edit(cell(0, 1, 0.5), gesture=8)  # came back, and is no step
    document.edit(cell(1, 1, 0.25))
    document.edit(cell(1, 0, 0.25))
    document.undo()
    crash(document)
    (lost,) = find(tmp_path)
    assert (lost.steps, lost.edited) == (3, ("untitled", "b.npy"))
    lost.release()


def test_what_was_clean_comes_back_clean_and_what_changed_since_does_not(make, tmp_path):
    path, root = tmp_path / "p.npy", tmp_path / "journals"
    document = make()
    recorded(document, root)
    document.edit(cell(0, 0, 0.125))
    np.save(path, np.full((2, 2), 0.5))
    opened = files.open_predictions(path)
    document.edit(Replace(State(opened.predictions, source=opened.source)), "Open", clean=True)
    crash(document)
    (lost,) = find(root)
    for stays in (True, False):
        if not stays:
            np.save(path, np.full((3, 2), 0.25))
        found = replay(load(lost))
        assert found.document.is_saved == stays
        assert found.document.left_behind != ()
        found.document.go_to(0)
        assert found.document.is_saved
        found.document.close()
    lost.release()


def test_a_journal_begun_later_goes_back_further_than_it_began(make, tmp_path):
    """As after a disk was full: the steps before are not in it."""
    document = make()
    journal = recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.125))
    document.edit(cell(0, 1, 0.125))
    journal.begin(document.state, document.step, clean=document.is_saved)
    (lost,) = find_dead(document, tmp_path)
    assert lost.steps == 1  # it is not known how many
    lost.release()
    journal.begin(document.state, document.step, clean=document.is_saved)
    document.edit(cell(0, 2, 0.125))
    document.undo()
    assert came_back(document, make, tmp_path)
    journal.begin(document.state, document.step, clean=document.is_saved)
    document.undo()
    document.undo()
    document.redo()
    assert came_back(document, make, tmp_path)


def find_dead(document, root):
    crash(document)
    return find(root)


def came_back(document, make, root):
    """Whether what is there comes back from its journal."""
    crash(document)
    other = brought_back(root, make)
    same = contents(other.state) == contents(document.state)
    other.close()
    return same


def test_discarding_and_leaving_for_later(make, tmp_path):
    document = make()
    recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.25))
    crash(document)
    (lost,) = find(tmp_path)
    assert (lost.steps, lost.name) == (1, "untitled")
    assert find(tmp_path) == []  # it is held: another window does not offer it as well
    lost.release()
    (lost,) = find(tmp_path)
    lost.discard()
    assert list(tmp_path.iterdir()) == []


# --- large ---------------------------------------------------------------------------------------


def large(document, qtbot, *asked):
    """Edits that become a job."""
    for one in asked:
        with qtbot.waitSignal(document.jobs.emptied):
            document.edit(one, "large")


def test_jobs_come_back(make, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr(session, "JOB_CELLS", 3)
    monkeypatch.setattr(journals, "INLINE_BYTES", 8)
    document = make()
    journal = recorded(document, tmp_path)
    rows = np.array([0, 1, 2, 2])
    cells = SetCells(rows, np.array([0, 0, 0, 1]), np.array([0.1, 0.2, 0.3, 0.4]))
    other = State(Predictions.of(np.full((4, 3), 0.25), np.array([0, 1, 2, 0])), source=Source("other"))
    large(
        document,
        qtbot,
        cells,
        SetConvention(preset("keras")),
        SetLabels(rows[:3], np.array([1, 1, 1], np.int32)),
    )
    document.edit(cell(0, 0, 0.5))
    large(document, qtbot, Replace(other))
    document.edit(cell(0, 0, 0.5))
    crash(document)
    assert any(path.suffix == ".cells" for path in folder_of(journal).iterdir())
    again = brought_back(tmp_path, make)
    assert whole_story(again) == whole_story(document)


@pytest.fixture
def of_a_file(make, tmp_path, monkeypatch):
    """A document with an edited file, too large to be copied into its journal; the file and the journals' folder."""
    monkeypatch.setattr(journals, "INLINE_BYTES", 8)
    monkeypatch.setattr(journals, "COPY_BYTES", 8)
    path, root = tmp_path / "p.npy", tmp_path / "journals"
    np.save(path, np.full((5, 3), 0.25))
    document = make()
    recorded(document, root)
    opened = files.open_predictions(path)
    load_it = Replace(State(opened.predictions, source=opened.source), opens=True)
    document.edit(load_it, clean=True)
    document.edit(cell(4, 2, 0.75))
    return document, path, root


def test_cells_of_a_large_file_are_pointed_at_and_checked(make, of_a_file):
    document, path, root = of_a_file
    journal = document.journal
    crash(document)
    assert sum(p.stat().st_size for p in folder_of(journal).iterdir() if p.suffix == ".cells") < 5 * 3 * 8 * 2
    again = brought_back(root, make)
    assert story(again) == story(document)
    again.journal = None
    np.save(path, np.full((5, 3), 0.5))
    (lost,) = find(root)
    with pytest.raises(Refusal, match="has changed since"):
        load(lost)
    lost.release()
    assert len(find_and_release(root)) == 1  # it stays for the day the file is back


def test_a_file_is_shown_before_its_entry_is_made_and_changed_only_after(make, tmp_path, monkeypatch):
    """What is written down beside is the file as it was opened, whatever somebody does to it meanwhile."""
    monkeypatch.setattr(journals, "INLINE_BYTES", 8)
    going, seen = threading.Event(), []

    def late(path, array):
        assert going.wait(PATIENCE)
        return write_cells(path, array)

    document = make()
    journal = recorded(document, tmp_path / "journals")
    monkeypatch.setattr(journals, "write_cells", late)
    np.save(tmp_path / "p.npy", np.full((5, 3), 0.25))
    opened = files.open_predictions(tmp_path / "p.npy")
    document.changed.connect(lambda change: seen.append(going.is_set()))
    document.edit(Replace(State(opened.predictions, source=opened.source), opens=True), clean=True)
    journal.ruled(Rule.HOLD)  # for which nobody waits, either
    assert not going.is_set()
    threading.Timer(0.05, going.set).start()
    document.edit(cell(4, 2, 0.75))
    assert seen == [False, True]
    document.edit(cell(4, 1, 0.5))
    crash(document)
    ops = [head["op"] for head, _, _ in read_heads(folder_of(journal) / NAME)]
    assert ops == ["begin", "edit", "rule", "edit", "edit"]
    again = brought_back(tmp_path / "journals", make)
    assert whole_story(again) == whole_story(document)


def test_trouble_with_an_entry_that_is_made_beside_is_told(make, tmp_path, monkeypatch, qtbot):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journals, "INLINE_BYTES", 8)
    document = make()
    journal = recorded(document, tmp_path)
    monkeypatch.setattr(journals, "write_cells", full)
    opened = replace(copied(document.state), source=Source("p.npy", path=str(tmp_path / "p.npy")))
    with qtbot.waitSignal(journal.failed) as told:
        document.edit(Replace(opened, opens=True))
    assert told.args == ["No space left on device"]
    assert not journal.works


def test_a_bug_in_an_entry_that_is_made_beside_leaves_no_gap(make, tmp_path, monkeypatch, qtbot):
    """It is told as a bug, and what would be recorded after it is not: it would be about other cells."""
    document = make()
    journal = recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.25))
    before = story(document)
    monkeypatch.setattr(journals, "packed", lambda *_: 1 / 0)
    opened = replace(copied(document.state), source=Source("p.npy", path=str(tmp_path / "p.npy")))
    with qtbot.captureExceptions() as bugs:
        document.edit(Replace(opened, opens=True))
        qtbot.waitUntil(lambda: not journal.works)
    assert [kind for kind, *_ in bugs] == [ZeroDivisionError]
    monkeypatch.undo()
    document.edit(cell(0, 0, 0.5))
    crash(document)
    assert story(brought_back(tmp_path, make)) == before


def find_and_release(root):
    found = find(root)
    for lost in found:
        lost.release()
    return found


def test_cells_edited_since_are_never_taken_for_the_file_s(make, of_a_file):
    """A second state that shares the array is written as it is now."""
    document, _, root = of_a_file
    document.edit(Replace(copied(document.state)))
    held = document.state.predictions
    document.edit(Replace(State(Predictions(held.probs, held.labels, ("a", "b", "c")))))
    crash(document)
    assert contents(brought_back(root, make).state) == contents(document.state)


def test_an_edit_costs_what_it_holds_whatever_the_matrix_is(make, tmp_path):
    big = State(Predictions.of(np.full((100_000, 10), 0.1), np.zeros(100_000, int)))
    document = make(big)
    journal = recorded(document, tmp_path)
    before = journal._end
    for k in range(10):
        document.edit(cell(k, 0, 0.3))
    assert journal._end - before < 10 * 1000
    assert len([p for p in folder_of(journal).iterdir() if p.suffix == ".cells"]) == 1


# --- trouble -------------------------------------------------------------------------------------


def test_a_disk_that_is_full_is_told_once_and_stops_no_edit(make, tmp_path, monkeypatch):
    document = make()
    journal = recorded(document, tmp_path)
    told: list[str] = []
    journal.failed.connect(told.append)
    document.edit(cell(0, 0, 0.25))

    def full(descriptor, content):
        os.write(descriptor, content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journals, "write_all", full)
    assert document.edit(cell(0, 1, 0.25))
    assert document.edit(cell(0, 2, 0.25))
    assert told == ["No space left on device"]
    monkeypatch.undo()
    other = brought_back(tmp_path, make)
    assert other.step == 1
    assert other.state.predictions.probs[0, 0].tolist() == [0.25, 0.5, 0.2]
    other.close()
    journal.begin(document.state)  # there is room again
    document.edit(cell(1, 1, 0.125))
    crash(document)
    assert contents(brought_back(tmp_path, make).state) == contents(document.state)


def test_trying_again_on_a_disk_that_is_still_full_loses_nothing(make, tmp_path, monkeypatch):
    document = make()
    journal = recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.25))
    held = contents(document.state)

    def full(descriptor, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journals, "write_all", full)
    document.edit(cell(0, 1, 0.25))
    journal.begin(document.state)
    journal.begin(document.state)
    monkeypatch.undo()
    assert contents(brought_back(tmp_path, make).state) == held


def test_a_folder_nobody_can_write_to_is_told(make, tmp_path):
    (tmp_path / "file").write_text("no folder")
    document = make()
    document.journal = Journal(tmp_path / "file", document)
    told: list[str] = []
    document.journal.failed.connect(told.append)
    document.journal.begin(document.state)
    assert len(told) == 1
    assert document.edit(cell(0, 0, 0.25))


@pytest.mark.expects_log("an edit has no record")
def test_an_edit_without_a_record_is_told_and_done(make, tmp_path):
    class Stranger(SetCells):
        pass

    document = make()
    journal = recorded(document, tmp_path)
    told: list[str] = []
    journal.failed.connect(told.append)
    assert document.edit(Stranger(np.array([0]), np.array([0]), np.array([0.25])))
    assert len(told) == 1
    assert "record.py" in told[0]


def test_rubbish_among_the_journals_does_no_harm(make, tmp_path):
    (tmp_path / "a file").write_text("x")
    (tmp_path / "empty").mkdir()
    for name, content in (("no magic", b"x" * 100), ("short", b""), ("half", MAGIC + b"\0\0")):
        (tmp_path / name).mkdir()
        (tmp_path / name / NAME).write_bytes(content)
    assert find(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["a file"]
    assert find(tmp_path / "not there") == []


@pytest.mark.expects_log("another version")
@pytest.mark.parametrize("another", [b"1\n", b"10\n"])
def test_what_another_version_wrote_is_left_to_it(make, tmp_path, another):
    document = make()
    journal = recorded(document, tmp_path)
    document.edit(cell(0, 0, 0.25))
    crash(document)
    file = folder_of(journal) / NAME
    content = KIND + another + file.read_bytes()[len(MAGIC) :]
    file.write_bytes(content)
    assert find(tmp_path) == []
    assert file.read_bytes() == content


@pytest.mark.expects_log("was left where it is")
def test_an_entry_nobody_understands_stops_no_start_and_is_kept(make, tmp_path):
    document = make()
    journal = recorded(document, tmp_path)
    crash(document)
    file = folder_of(journal) / NAME
    content = MAGIC + packed({"op": "begin", "at": 0.0, "value": {}}, [], [])
    file.write_bytes(content)
    assert find(tmp_path) == []
    assert file.read_bytes() == content


def test_labels_and_choices_of_a_large_file_are_pointed_at(make, tmp_path, monkeypatch):
    monkeypatch.setattr(journals, "INLINE_BYTES", 8)
    monkeypatch.setattr(journals, "COPY_BYTES", 8)
    path, root = tmp_path / "p.npz", tmp_path / "journals"
    np.savez(path, a=np.full((5, 3), 0.25), b=np.full((5, 3), 0.5), labels=np.array([0, 1, 2, 1, 0]))
    document = make()
    journal = recorded(document, root)
    opened = files.open_predictions(path, choices=files.Choices((("array", "b"),)))
    load_it = Replace(State(opened.predictions, source=opened.source), opens=True)
    document.edit(load_it, clean=True)
    before = {p.name for p in folder_of(journal).iterdir()}
    document.edit(cell(4, 2, 0.75))
    document.edit(SetLabels(np.array([4]), np.array([2], np.int32)))
    crash(document)
    assert story(brought_back(root, make)) == story(document)
    assert len([name for name in before if name.endswith(".cells")]) <= 2  # those of the lesson before
