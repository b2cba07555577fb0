"""What a killed window leaves behind is offered by the next one, calmly, and comes back."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from lossacc_gui.core.edits import Replace, SetCells
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.rules import Rule
from lossacc_gui.session import document as session
from lossacc_gui.session import journal as journals
from lossacc_gui.session.journal import folder_of_journals
from lossacc_gui.session.recovery import replay
from lossacc_gui.ui import recovering
from lossacc_gui.ui.app import keep_journal
from lossacc_gui.ui.recovering import FOUND, UNWRITTEN
from tests.core.strategies import contents
from tests.patience import PATIENCE
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
    assert "Sorting, filters and the current cell are not brought back." in window.strip.text
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
    assert not fresh.isWindowModified()  # it was only opened
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


class Gate:
    """Lets the restoring of a journal begin, and end only when it is told."""

    def __init__(self, monkeypatch):
        self.begun, self.open = threading.Event(), threading.Event()
        monkeypatch.setattr(recovering, "replay", self.replay)

    def replay(self, steps, progress, stop):
        self.begun.set()
        assert self.open.wait(PATIENCE)
        return replay(steps, progress, stop)


def test_restoring_leaves_the_window_free_and_is_cancelled_without_a_loss(open_window, qtbot, monkeypatch):
    before = killed(open_window, stated([[0.5, 0.5]], [0]), cell(0, 0, 0.75))
    window, _ = offered(open_window)
    gate = Gate(monkeypatch)
    here = contents(window.document.state)
    window.notices.answer(FOUND, "restore")
    assert gate.begun.wait(PATIENCE)
    assert window.notices.text(FOUND) == ""
    assert contents(window.document.state) == here
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.document.jobs.cancel()
        gate.open.set()
    assert contents(window.document.state) == here
    assert "1 unsaved step" in window.notices.text(FOUND)
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.notices.answer(FOUND, "restore")
    assert contents(window.document.state) == before


@pytest.mark.parametrize("answer", [True, False])
def test_what_is_edited_while_restoring_is_asked_for(open_window, qtbot, monkeypatch, answer):
    killed(open_window, stated([[0.5, 0.5]], [0]), cell(0, 0, 0.75))
    window, _ = offered(open_window)
    gate = Gate(monkeypatch)
    window.notices.answer(FOUND, "restore")
    assert gate.begun.wait(PATIENCE)
    window.document.edit(cell(0, 0, 0.125))
    mine = contents(window.document.state)
    monkeypatch.setattr(window.saving, "may_discard", lambda: answer)
    with qtbot.waitSignal(window.document.jobs.emptied):
        gate.open.set()
    assert (contents(window.document.state) == mine) != answer
    assert (window.notices.text(FOUND) == "") == answer


def test_a_large_edit_is_done_again_in_the_background(open_window, qtbot, monkeypatch):
    monkeypatch.setattr(session, "JOB_CELLS", 3)
    window = open_window(stated([[0.5, 0.5], [0.25, 0.75]], [0, 1]))
    keep_journal(window)
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.document.edit(SetCells(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.full(4, 0.125)))
    window.document.journal.leave()
    threads = set()

    def told(*given):
        threads.add(threading.current_thread() is threading.main_thread())
        return evaluate(*given)

    fresh, _ = offered(open_window)
    monkeypatch.setattr("lossacc_gui.session.present.evaluate", told)
    with qtbot.waitSignal(fresh.document.jobs.emptied):
        fresh.notices.answer(FOUND, "restore")
    assert fresh.document.state.predictions.probs[0].tolist() == [[0.125] * 2] * 2
    assert threads == {False}
    fresh.document.undo()
    fresh.document.jobs.wait()
    assert fresh.document.state.predictions.probs[0].tolist() == [[0.5, 0.5], [0.25, 0.75]]
    assert fresh.document.is_saved


def test_the_edit_rules_of_earlier_work_come_back(open_window, qtbot):
    """Undo after a crash has the rule that undo without it would have."""
    window = open_window(stated([[0.5, 0.25, 0.25]], [0]))
    keep_journal(window)
    window.focus.set_rule(Rule.HOLD)
    window.document.edit(cell(0, 0, 0.75))
    window.document.edit(Replace(stated([[0.5, 0.5]], [0]), opens=True))
    window.focus.set_rule(Rule.ONLY)
    window.document.edit(cell(0, 0, 0.75))
    window.document.journal.leave()
    window, _ = offered(open_window)
    with qtbot.waitSignal(window.document.jobs.emptied):
        window.notices.answer(FOUND, "restore")
    rules = [window.focus.rule]
    for go in (window.document.undo, window.document.undo, window.document.redo):
        go()
        rules.append(window.focus.rule)
    assert rules == [Rule.ONLY, Rule.ONLY, Rule.HOLD, Rule.ONLY]
    window.document.journal.leave()


def test_the_edit_rule_comes_back(open_window, qtbot):
    window = open_window(stated([[0.5, 0.25, 0.25]], [0]))
    keep_journal(window)
    window.focus.set_rule(Rule.ONLY)
    window.document.edit(cell(0, 0, 0.75))
    window.focus.set_rule(Rule.RESCALE)
    window.document.journal.leave()
    for _ in range(2):  # and once more after a second crash
        window, _ = offered(open_window)
        assert window.focus.rule is not Rule.RESCALE
        with qtbot.waitSignal(window.document.jobs.emptied):
            window.notices.answer(FOUND, "restore")
        assert window.focus.rule is Rule.RESCALE
        window.document.journal.leave()


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
    window.document.set_saved(window.document.state.source, window.document.revision)
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
