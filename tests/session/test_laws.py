"""Live equals recomputed and undo restores the first bytes, whatever goes through the document."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.change import Change
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rules import Rule
from lossacc_gui.session.document import Document
from lossacc_gui.session.drag import Drag
from lossacc_gui.session.focus import Focus
from tests.core.strategies import contents, copied, edit, states
from tests.thorough import examples


def check(document: Document, told: list[Change]) -> None:
    """What the document holds is what a fresh look at its state finds."""
    state = document.state
    fresh = evaluate(state.predictions, state.convention, document.epoch)
    live = document.evaluation
    assert live.predictions is state.predictions
    assert live.convention == state.convention
    assert live.epoch == document.epoch
    assert live.tally == fresh.tally
    for column in fields(fresh.stats):
        assert getattr(live.stats, column.name).tobytes() == getattr(fresh.stats, column.name).tobytes()
    assert len(document.history) == document.stack.count() + 1
    if told:
        assert told[-1].tally_after == fresh.tally


def drag(document: Document, data: st.DataObject) -> None:
    """Some moves of one cell, in the example's own range or refused."""
    held, focus = document.state.predictions, Focus()
    focus.go_to(
        data.draw(st.integers(0, held.rows - 1), "row"), data.draw(st.integers(0, held.classes - 1), "col")
    )
    focus.set_rule(data.draw(st.sampled_from(Rule)))
    one = Drag(document, focus)
    before, steps = contents(document.state), document.step
    one.begin()
    for value in data.draw(st.lists(st.integers(0, 8), min_size=1, max_size=4), "drag"):
        try:
            one.to(value / 8)
        except Refusal:
            break
    if data.draw(st.booleans(), "taken back"):
        one.take_back()
        assert document.step == steps
    one.end()
    assert document.step <= steps + 1  # one step, or none where it came back
    if document.step == steps:
        assert contents(document.state) == before


@examples(200)
@given(states(), st.data())
def test_live_equals_recomputed_through_every_door(state, data):
    document = Document(copied(state))
    try:
        wander(document, data)
    finally:
        document.close()


def wander(document: Document, data: st.DataObject) -> None:
    """A few things in any order, and what has to hold after each; then back to the start and forth."""
    told: list[Change] = []
    document.changed.connect(told.append)
    seen = [contents(document.state)]  # one a step of the history
    for _ in range(data.draw(st.integers(1, 7), "steps")):
        doing = data.draw(
            st.sampled_from(["edit", "edit", "edit", "undo", "redo", "jump", "drag", "epoch"]), "doing"
        )
        count, step, steps = len(told), document.step, document.stack.count()
        if doing == "edit":
            happened = document.edit(data.draw(edit(document.state), "edit"))
            assert len(told) == count + happened
        elif doing == "undo":
            document.undo()
        elif doing == "redo":
            document.redo()
        elif doing == "jump":
            document.go_to(data.draw(st.integers(0, document.stack.count()), "to"))
        elif doing == "drag":
            drag(document, data)
        else:
            document.show_epoch(data.draw(st.integers(0, document.state.predictions.epochs - 1), "epoch"))
        if doing in ("undo", "redo", "jump"):
            assert len(told) == count + (document.step != step)
            assert contents(document.state) == seen[document.step]
        elif document.step != step:
            seen[document.step :] = [contents(document.state)]
        elif doing in ("edit", "drag"):  # one that came to nothing ends nothing that could be redone
            assert document.stack.count() == steps
        check(document, told)
    document.go_to(0)
    assert contents(document.state) == seen[0]
    check(document, told)
    document.go_to(document.stack.count())
    assert contents(document.state) == seen[-1]
    check(document, told)
