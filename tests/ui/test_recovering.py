"""What a killed window leaves behind is offered by the next one, calmly, and comes back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossacc_gui.core.edits import Replace, SetCells
from lossacc_gui.session import journal as journals
from lossacc_gui.session.journal import folder_of_journals
from lossacc_gui.ui.app import keep_journal
from lossacc_gui.ui.recovering import FOUND, UNWRITTEN
from tests.core.strategies import contents
from tests.ui.conftest import stated, tile


def cell(row, column, value):
    return SetCells(np.array([row]), np.array([column]), np.array([value]))


def killed(open_window, state=None, *edits):
    """A window that somebody worked in until it was killed; what was in it."""
    window = open_window(state)
    keep_journal(window)
    for one in edits:
        window.document.edit(one)
    window.document.journal.leave()  # the system lets go of the lock
    return contents(window.document.state)


def offered(open_window):
    window = open_window()
    recovering = keep_journal(window)
    recovering.offer()
    return window, recovering


def folders():
    return [path for path in folder_of_journals().iterdir() if not path.name.startswith(".")]


def test_nothing_is_offered_when_nothing_was_lost(open_window):
    killed(open_window)
    window, _ = offered(open_window)
    assert window.notices.text(FOUND) == ""
    assert not window.notices.isVisible()
    assert len(folders()) == 1  # its own


def test_unsaved_steps_come_back_and_are_unsaved(open_window, qtbot):
    before = killed(
        open_window, stated([[0.5, 0.5], [0.25, 0.75]], [0, 1]), cell(0, 0, 0.75), cell(0, 1, 0.25)
    )
    window, _ = offered(open_window)
    assert "“test” was not closed: 2 unsaved steps" in window.notices.text(FOUND)
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.notices.answer(FOUND, "restore")
    assert contents(window.document.state) == before
    assert not window.document.is_saved
    assert window.isWindowModified()
    assert "“test” is back as it was" in window.strip.text
    assert not window.notices.isVisible()
    assert tile(window, "accuracy")[0] == "100.00%"
    window.document.undo()
    window.document.undo()
    assert window.document.state.predictions.probs[0, 0].tolist() == [0.5, 0.5]
    assert len(folders()) == 1


def test_discard_removes_and_later_keeps(open_window):
    killed(open_window, None, cell(0, 0, 0.75))
    window, _ = offered(open_window)
    window.notices.answer(FOUND, "later")
    again, _ = offered(open_window)
    assert "1 unsaved step," in again.notices.text(FOUND)
    again.notices.answer(FOUND, "discard")
    third, _ = offered(open_window)
    assert third.notices.text(FOUND) == ""


def test_work_that_gave_way_to_something_opened_is_offered_by_its_own_name(open_window, qtbot):
    window = open_window(stated([[0.5, 0.5]], [0]))
    keep_journal(window)
    window.document.edit(cell(0, 0, 0.75))
    other = stated([[0.25, 0.75]], [1])
    other.source = replace(other.source, name="other.npz")
    window.document.edit(Replace(other), "Open", clean=True)
    window.document.journal.leave()
    fresh, recovering = offered(open_window)
    assert "“test” was not closed" in fresh.notices.text(FOUND)
    with qtbot.waitSignal(fresh.document.jobs.emptied):
        fresh.notices.answer(FOUND, "restore")
    assert "“other.npz” is back as it was" in fresh.strip.text
    assert "Ctrl+Z goes back to “test”, with unsaved changes." in fresh.strip.text
    fresh.document.undo()
    assert fresh.document.state.predictions.probs[0, 0].tolist() == [0.75, 0.5]
    fresh.document.journal.leave()
    third, _ = offered(open_window)
    assert "“test” was not closed" in third.notices.text(FOUND)  # it went back: no other has its name
    recovering.end()


def test_work_in_two_things_is_offered_by_both_names(open_window):
    window = open_window(stated([[0.5, 0.5]], [0]))
    keep_journal(window)
    window.document.edit(cell(0, 0, 0.75))
    other = stated([[0.25, 0.75]], [1])
    other.source = replace(other.source, name="other.npz")
    window.document.edit(Replace(other), "Open", clean=True)
    window.document.edit(cell(0, 0, 0.5))
    window.document.journal.leave()
    fresh, _ = offered(open_window)
    assert "“test” and “other.npz” were not closed" in fresh.notices.text(FOUND)


def test_a_window_offers_one_after_the_other_and_no_two_windows_the_same(open_window):
    killed(open_window, None, cell(0, 0, 0.75))
    killed(open_window, None, cell(0, 0, 0.25))
    window, recovering = offered(open_window)
    assert "1 more after this" in window.notices.text(FOUND)
    other, _ = offered(open_window)
    assert other.notices.text(FOUND) == ""
    window.notices.answer(FOUND, "discard")
    assert "more after" not in window.notices.text(FOUND)
    recovering.end()
    last, _ = offered(open_window)
    assert last.notices.text(FOUND) != ""


def test_a_closed_window_leaves_no_journal(open_window):
    window = open_window()
    keep_journal(window)
    window.document.edit(cell(0, 0, 0.75))
    window.document.stack.setClean()
    window.close()
    assert folders() == []


def test_a_journal_that_cannot_be_written_is_a_line_that_stays(open_window, monkeypatch):
    window = open_window()
    keep_journal(window)

    def full(_descriptor, _content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journals, "write_all", full)
    window.document.edit(cell(0, 0, 0.75))
    assert "No space left on device" in window.notices.text(UNWRITTEN)
    window.document.edit(cell(0, 0, 0.5))
    assert window.notices.isVisible()
    window.notices.answer(UNWRITTEN, "again")
    assert window.notices.text(UNWRITTEN) != ""  # still full
    monkeypatch.undo()
    window.notices.answer(UNWRITTEN, "again")
    assert not window.notices.isVisible()
    window.document.edit(cell(0, 0, 0.25))
    assert window.document.journal.works


@pytest.mark.parametrize("damage", [b"", b"not a journal"])
def test_a_damaged_journal_is_no_reason_not_to_start(open_window, damage):
    killed(open_window, None, cell(0, 0, 0.75))
    (folder,) = folders()
    (folder / "journal").write_bytes(damage)
    window, _ = offered(open_window)
    assert window.notices.text(FOUND) == ""
