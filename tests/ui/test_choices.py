"""The convention bar: what is ticked is what holds, and a choice is one step."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QInputDialog

from lossacc_gui.core.convention import (
    DTYPE_EPS,
    LOG_CLAMP,
    PRESETS,
    Base,
    Convention,
    Divisor,
    Reduction,
    Rows,
    preset,
)
from lossacc_gui.core.edits import SetConvention
from lossacc_gui.core.rules import Rule
from lossacc_gui.core.shape_edits import DeleteClass
from lossacc_gui.session import document as module
from tests.ui.conftest import stated, tile


@pytest.fixture
def bar(window):
    return window.tools.conventions


def said(action) -> str:
    """What an entry says, without the sign of its access key."""
    return str(action.text()).replace("&", "")


def choose(menu, text: str) -> None:
    """As a click in the menu: the entry toggles its own tick first."""
    next(action for action in menu.actions if said(action) == text).trigger()


def ticked(menu) -> list[str]:
    return [said(action) for action in menu.actions if action.isChecked()]


def check(window) -> None:
    """The ticks and the buttons say the document's convention."""
    bar, now = window.tools.conventions, window.document.state.convention
    assert ticked(bar.rows) == [now.rows.value]
    assert ticked(bar.units) == [f"{now.reduction}, {now.base}"]
    names = {0.0: "none", 1e-7: "1e-7", 1e-15: "1e-15", DTYPE_EPS: "dtype eps", LOG_CLAMP: "log ≥ −100"}
    first = ["clip before dividing"] if now.clip_first else []
    assert ticked(bar.clips) == [names[now.clip], *first]
    assert ticked(bar.presets) == [p.title for p in PRESETS if p.convention.plain == now.plain][:1]
    more = bar.more.all.button
    assert all(extra in more.toolTip() for extra in now.extras)
    assert more.text() == "More ▾" if not now.extras else now.extras[0] in more.text()
    assert ticked(bar.rules) == [window.focus.rule.value]
    assert now.rows.value in bar.rows.button.text()


@pytest.mark.parametrize("one", PRESETS, ids=[p.key for p in PRESETS])
def test_a_preset_is_one_step_and_ticked(open_window, one):
    window = open_window(stated([[0.2, 0.8], [0.6, 0.4]], [1, 0]))
    bar = window.tools.conventions
    choose(bar.presets, one.title)
    assert window.document.state.convention == one.convention
    assert window.document.step == (one.convention != Convention())
    check(window)


def test_the_binary_preset_is_no_choice_where_there_are_three_classes(window, bar):
    def entry():
        return next(action for action in bar.presets.actions if action.data() == "pytorch_bce")

    assert not entry().isEnabled()
    assert entry().toolTip().startswith("binary_cross_entropy is for two classes")
    window.document.edit(SetConvention(preset("pytorch_bce")), "as before")  # as a project may have it
    assert "no library’s rule of 3 classes" in tile(window, "cross_entropy")[1]
    tip = next(t for t in window.tools.tiles if t.metrics[0].key == "cross_entropy").toolTip()
    assert "Agrees with" not in tip
    assert "which no library computes" in tip
    window.document.edit(DeleteClass(2), "two classes")
    assert entry().isEnabled()
    assert entry().toolTip().startswith("Agrees with")


def test_choosing_what_is_chosen_already_is_no_step_and_stays_ticked(window, bar):
    for menu, text in (
        (bar.presets, "By hand"),
        (bar.rows, "as typed"),
        (bar.clips, "none"),
        (bar.units, "mean, nats"),
        (bar.rules, "hold p(label)"),
    ):
        choose(menu, text)
        check(window)
    assert window.document.step == 0


def test_each_part_by_itself_and_undo(window, bar):
    choose(bar.rows, "normalised")
    choose(bar.clips, "1e-15")
    choose(bar.clips, "clip before dividing")
    choose(bar.units, "sum, bits")
    made = Convention(Rows.NORMALISED, 1e-15, True, Base.BITS, Reduction.SUM)
    assert window.document.state.convention == made
    assert "Kaggle" in bar.presets.button.text()
    check(window)
    choose(bar.clips, "clip before dividing")
    assert "custom" in bar.presets.button.text()
    assert not window.document.state.convention.clip_first
    check(window)
    while window.document.step:
        window.document.undo()
        check(window)


def test_the_rarer_choices_are_reached_and_seen(window, bar):
    more = bar.more
    choose(more.smoothing, "0.1")
    choose(more.temperature, "2")
    choose(more.precision, "compute as float32")
    choose(more.weights, "balanced")
    choose(more.weights, "divide by number of rows")
    choose(more.bins, "20")
    now = window.document.state.convention
    assert now.weights is not None
    assert now == Convention(
        smoothing=0.1, temperature=2.0, single=True, weights=now.weights, divisor=Divisor.ROWS, bins=20
    )
    check(window)
    assert more.all.button.text() == "More: smoothing 0.1 +5 ▾"
    for menu, text in (
        (more.smoothing, "0.1"),
        (more.temperature, "2"),
        (more.precision, "compute as float32"),
        (more.weights, "typed …"),
        (more.bins, "20"),
    ):
        assert text in ticked(menu)
    choose(more.precision, "compute as float32")
    assert not window.document.state.convention.single
    while window.document.step:
        window.document.undo()
        check(window)


def test_any_other_number_can_be_typed(window, bar, monkeypatch):
    monkeypatch.setattr(QInputDialog, "getDouble", lambda *_: (0.25, True))
    choose(bar.more.smoothing, "other …")
    choose(bar.more.temperature, "other …")
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (7, True))
    choose(bar.more.bins, "other …")
    assert window.document.state.convention == Convention(smoothing=0.25, temperature=0.25, bins=7)
    assert ticked(bar.more.smoothing) == ["other …"]
    monkeypatch.setattr(QInputDialog, "getDouble", lambda *_: (0.5, False))
    choose(bar.more.smoothing, "other …")
    assert window.document.state.convention.smoothing == 0.25


@pytest.mark.parametrize(
    ("text", "weights", "says"),
    [
        ("1, 2; 3", (1.0, 2.0, 3.0), ""),
        ("1 2", None, "there are 2, and 3 classes"),
        ("1, two, 3", None, "'two' is no number"),
        ("0, 0, 0", None, "all are 0"),
        ("1, -2, 3", None, "class 2"),
    ],
)
def test_typed_class_weights(window, bar, monkeypatch, text, weights, says):
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: (text, True))
    choose(bar.more.weights, "typed …")
    assert window.document.state.convention.weights == weights
    assert says in window.strip.text
    check(window)


def test_a_preset_leaves_the_unit_as_it_is(window, bar):
    choose(bar.units, "sum, bits")
    choose(bar.presets, "Keras")
    assert window.document.state.convention == replace(
        preset("keras"), base=Base.BITS, reduction=Reduction.SUM
    )
    check(window)


def test_logits_know_no_clip(window, bar):
    choose(bar.rows, "logits")
    assert not bar.clips.menu.isEnabled()
    choose(bar.rows, "as typed")
    assert bar.clips.menu.isEnabled()


@pytest.mark.parametrize(
    ("title", "loss"), [("By hand", "0.9378"), ("Keras", "0.9345"), ("scikit-learn", "0.9378")]
)
def test_the_seed_under_each_convention(open_window, title, loss):
    """Rows [.3 .5 .2], [.1 .5 .4] and one that sums to 0.99."""
    window = open_window(stated([[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.3, 0.5, 0.19]], [0, 2, 1]))
    choose(window.tools.conventions.presets, title)
    assert tile(window, "cross_entropy")[0] == loss


def test_the_edit_rule_is_no_step(window, bar):
    choose(bar.rules, "only this cell")
    assert window.focus.rule is Rule.ONLY
    assert window.document.stack.count() == 0
    check(window)
    window.grid.model.setData(window.grid.model.index(1, 1), "0.9")
    assert window.document.state.predictions.probs[0, 1].tolist() == [0.1, 0.9, 0.4]


def test_while_a_large_matrix_is_computed_the_ticks_say_what_still_holds(window, bar, monkeypatch, qtbot):
    monkeypatch.setattr(module, "JOB_CELLS", 5)
    choose(bar.presets, "Keras")
    check(window)
    with qtbot.waitSignal(window.document.jobs.emptied):
        pass
    check(window)
    assert window.document.state.convention == preset("keras")


def test_every_scenario_opens_with_its_rule_its_cell_and_its_invitation(window):
    from lossacc_gui.scenarios import SCENARIOS

    for lesson in SCENARIOS:
        choose(window.tools.scenarios, lesson.title)
        assert window.document.state.source.name == lesson.title
        assert (window.focus.row, window.focus.column) == (lesson.row, lesson.column)
        assert window.focus.rule is lesson.rule
        assert lesson.invitation in window.strip.text
        assert lesson.title in ticked(window.tools.scenarios)
        assert window.document.is_saved
        check(window)


def test_a_scenario_can_be_undone_back_to_one_s_own_work(window):
    window.grid.model.setData(window.grid.model.index(1, 1), "0.3")
    choose(window.tools.scenarios, "Six animals")
    window.document.undo()
    assert window.document.state.predictions.probs[0, 1, 1] == 0.3
    assert not window.document.is_saved
