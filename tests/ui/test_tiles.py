"""What the tiles, the strip and the line at the foot say."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QTextEdit, QToolButton, QWidget

from lossacc_gui.core.convention import Base, Convention, Reduction, preset
from lossacc_gui.core.curves.curve import words
from lossacc_gui.core.edits import SetCells, SetConvention, SetLabels
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import Source, State
from lossacc_gui.ui.panels import Panel
from lossacc_gui.ui.tiles import FittingLabel
from lossacc_gui.ui.window import Window
from tests.ui.conftest import Paints, bring, drawn, stated, tile

SEED_B = [[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.3, 0.5, 0.2]]


def cell(row, column, value):
    return SetCells(np.array([row]), np.array([column]), np.array([value]))


def texts_of(window: Window) -> list[str]:
    """Every text a user can see in a window, or hear of it."""
    found = [window.windowTitle()]
    for widget in window.findChildren(QWidget):
        found += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        if isinstance(widget, QLabel | QToolButton | FittingLabel):
            text = widget.text
            found.append(text() if callable(text) else text)
        if isinstance(widget, QTextEdit):
            found.append(widget.toPlainText())
    model = window.grid.model
    for row in range(min(model.rowCount(), 50)):
        found += [str(model.data(model.index(row, column))) for column in range(model.columnCount())]
    for key, view in window.views.items():
        found.append(bring(window, key).view.accessibleName())
        if isinstance(view.what, Panel):
            continue
        picture = drawn(window, key)
        found += [picture.reading, picture.hint, picture.x.text, picture.left.text, picture.empty]
        found += [mark.text for mark in picture.marks if hasattr(mark, "text")]
        found += [words(picture, pick) for pick in picture.picks]
        found += [picture.handle.name] if picture.handle else []
        for axis in (picture.x, picture.left, picture.right):
            found += [text for _, text in (axis.ticks or ())] if axis else []
    found += [point.what for point in window.document.history]
    return found


def check_words(window: Window) -> None:
    """Nowhere may a number be written as programs write it."""
    for text in texts_of(window):
        words = text.lower().replace(",", " ").replace("(", " ").replace(")", " ").replace(":", " ").split()
        for word in words:
            assert word.strip(".−-+%·") not in ("inf", "nan", "infinity"), text


def test_the_example(window):
    assert tile(window, "cross_entropy")[0] == "0.9378"
    assert tile(window, "accuracy")[0] == "33.33%"
    assert "1 of 3 rows" in tile(window, "accuracy")[1]
    assert tile(window, "accuracy_possible")[0] == "0.0% – 66.7%"
    assert tile(window, "perplexity")[0] == f"{math.exp(0.93780408):.4f}"
    assert "Lower B in row 2 from 0.5 to 0.3" in window.strip.text


def test_after_the_invited_edit(window):
    model = window.grid.model
    model.setData(model.index(1, 1), "0.3")
    value, detail = tile(window, "cross_entropy")
    assert value == "0.9378"
    assert detail.startswith("±0, to the last bit")
    value, detail = tile(window, "accuracy")
    assert value == "66.67%"
    assert detail.startswith("+33.3 points since last edit")
    assert "2 of 3 rows" in detail
    assert "row 2" in window.strip.text.lower()
    assert drawn(window, "history").picks


def test_undo_says_the_way_back(window):
    model = window.grid.model
    model.setData(model.index(1, 1), "0.3")
    window.document.undo()
    assert tile(window, "accuracy")[1].startswith("−33.3 points")
    assert tile(window, "accuracy")[0] == "33.33%"


def test_what_ties_decide_is_said_before_a_change(open_window):
    """Beside the possible accuracies, which count ties otherwise, an interval must not stand unexplained."""
    for size in ((900, 650), (1440, 900)):
        window = open_window(stated(np.full((4, 4), 0.25), [0, 1, 2, 3]), size=size)
        window.document.edit(cell(0, 1, 0.3))
        assert "ties make it 0 to 3" in tile(window, "accuracy")[1]
        assert "by the first tied cell" in tile(window, "accuracy_possible")[1]


def test_infinite_is_said_with_the_rows_that_make_it(open_window):
    window = open_window(stated([[0.0, 1.0], [0.5, 0.5]], [0, 0]))
    value, detail = tile(window, "cross_entropy")
    assert value == "∞"
    assert "1 of 2 rows" in detail
    assert tile(window, "perplexity")[0] == "∞"
    check_words(window)
    window.document.edit(cell(1, 0, 0.2))
    assert tile(window, "cross_entropy")[1].startswith("still ∞")
    window.document.edit(cell(0, 0, 0.5))
    assert tile(window, "cross_entropy")[0] == "1.1513"
    check_words(window)


def test_undefined_is_said_with_its_reason(open_window):
    window = open_window(stated([[math.nan, 1.0], [0.5, 0.5]], [0, 0]))
    value, detail = tile(window, "cross_entropy")
    assert value == "undefined"
    assert "1 row has no defined loss" in detail
    check_words(window)


def test_no_labels_at_all(open_window):
    window = open_window(stated([[0.4, 0.6]], None))
    for key in ("cross_entropy", "accuracy", "accuracy_possible", "perplexity"):
        value, detail = tile(window, key)
        assert value == "undefined"
        assert "no row has a label" in detail
    check_words(window)


def test_a_tie_that_decides_is_an_interval(open_window):
    window = open_window(stated([[0.5, 0.5], [0.9, 0.1]], [1, 0]))
    assert tile(window, "accuracy")[0] == "50.0% – 100.0%"
    check_words(window)


def test_negative_infinite_huge_and_tiny_numbers_do_no_harm(open_window):
    odd = [math.inf, -math.inf, math.nan, 1e300, 5e-324, -0.0]
    window = open_window(stated([[value, 0.5, 0.25] for value in odd], [0, 0, 0, 0, 0, 1]))
    check_words(window)
    for key in ("keras", "sklearn", "pytorch_logits"):
        window.document.edit(SetConvention(preset(key)))
        check_words(window)
    for row in range(6):
        window.focus.go_to(row, 0)
        check_words(window)


@pytest.mark.parametrize("base", Base)
@pytest.mark.parametrize("reduction", Reduction)
def test_the_unit_stands_in_the_tile(open_window, base, reduction):
    state = replace(stated(SEED_B, [0, 2, 1]), convention=Convention(base=base, reduction=reduction))
    window = open_window(state)
    titles = next(t for t in window.tools.tiles if t.metrics[0].key == "cross_entropy")._title
    assert titles.text == f"Cross-entropy · {reduction}, {base}"
    loss = 2.813411 if reduction is Reduction.SUM else 0.937804
    loss = loss / math.log(2) if base is Base.BITS else loss
    assert float(tile(window, "cross_entropy")[0]) == pytest.approx(loss, abs=6e-5)


def test_after_a_change_of_convention_nothing_is_compared(window):
    window.document.edit(SetConvention(preset("keras")))
    assert "since" not in tile(window, "cross_entropy")[1]


def test_a_pinned_baseline_is_what_is_compared_with(window):
    window.tools.acts["pin"].trigger()
    assert window.tools.acts["pin"].isChecked()
    window.document.edit(cell(1, 1, 0.3))
    window.document.edit(cell(1, 1, 0.2))
    assert tile(window, "accuracy")[1].startswith("+33.3 points since baseline")
    window.tools.acts["pin"].trigger()
    assert not window.tools.acts["pin"].isChecked()
    assert "baseline" not in tile(window, "accuracy")[1]
    window.document.undo()
    assert window.tools.acts["pin"].isChecked()


def test_a_tile_tells_its_formula_and_who_agrees(window):
    for one in window.tools.tiles:
        for metric in one.metrics:
            assert metric.formula in one.toolTip()
            assert metric.agrees in one.toolTip()
            assert metric.title in one.accessibleName()
        assert one.accessibleDescription()


def test_decimals_reach_tiles_and_grid_and_are_remembered(window, open_window):
    window.tools.acts["decimals_more"].trigger()
    assert tile(window, "cross_entropy")[0] == "0.93780"
    assert window.grid.model.data(window.grid.model.index(0, 0)) == "0.30000"
    for _ in range(20):
        window.tools.acts["decimals_fewer"].trigger()
    assert tile(window, "cross_entropy")[0] == "1"
    for _ in range(6):
        window.tools.acts["decimals_more"].trigger()
    window.close()
    assert tile(open_window(), "cross_entropy")[0] == "0.937804"


def test_more_decimals_never_show_fewer_digits(open_window):
    window = open_window(size=(1000, 700))
    shown = next(tile for tile in window.tools.tiles if len(tile.metrics) > 1)._value
    shown.setFixedWidth(
        QFontMetrics(shown.font()).horizontalAdvance(shown.wordings[0])
    )  # and no room for more
    QApplication.processEvents()
    for _ in range(6):
        digits = len(shown.text)
        window.tools.acts["decimals_more"].trigger()
        assert len(shown.text) >= digits
    assert all(len(a) >= len(b) for a, b in pairwise(shown.wordings))


def test_the_strip_says_the_last_change_in_the_digits_chosen_since(window):
    window.document.edit(cell(0, 0, 0.4))
    window.strip.add_notes("Opened", ["A note."])
    loss = window.document.history[-1].loss
    assert f"to {loss:.4f}" in window.strip.text
    window.tools.acts["decimals_more"].trigger()
    assert f"to {loss:.5f}" in window.strip.text
    assert window.strip.text.endswith("A note.")


def test_a_refusal_stays_in_the_strip_until_something_happens(window):
    window.grid.model.setData(window.grid.model.index(1, 1), "abc")
    assert "“abc”" in window.strip.text
    window.document.edit(cell(1, 1, 0.3))
    assert "“abc”" not in window.strip.text


def test_the_strip_writes_names_as_they_are(open_window):
    window = open_window(stated([[0.4, 0.6], [0.3, 0.7]], [0, 1], ("<b>x</b>", "a & b")))
    window.document.edit(cell(0, 0, 0.7))
    assert "<b>x</b>" in window.strip._text.toPlainText()


def test_the_foot_says_what_is_open(open_window):
    state = State(
        Predictions.of(np.full((4, 3), 0.3, np.float32), [0, 1, -1, 2]), source=Source("mine.npy", "/x")
    )
    window = open_window(state)
    foot = window.status._source.text()
    for part in ("mine.npy", "4 × 3", "float32", "labels: 3", "without label: 1", "not summing to 1: 4"):
        assert part in foot
    assert "mine.npy" in window.windowTitle()


def test_the_title_shows_what_is_unsaved(window):
    assert not window.isWindowModified()
    window.document.edit(cell(0, 0, 0.4))
    assert window.isWindowModified()
    window.document.undo()
    assert not window.isWindowModified()


def test_another_edit_has_no_tool_laid_out_anew(window):
    bars = window.tools.bar, window.tools.numbers
    window.document.edit(cell(0, 0, 0.4), "one")
    QApplication.processEvents()
    asked = [Paints(bar, QEvent.Type.LayoutRequest) for bar in bars]
    window.document.edit(cell(1, 1, 0.3), "another")
    QApplication.processEvents()
    assert [each.count for each in asked] == [0, 0]


def test_undo_and_redo_are_offered_when_there_is_something(window):
    acts = window.tools.acts
    assert not acts["undo"].isEnabled()
    assert not acts["redo"].isEnabled()
    window.document.edit(SetLabels(np.array([0]), np.array([1], np.int32)), "Label row 1")
    assert acts["undo"].isEnabled()
    acts["undo"].hovered.emit()
    assert "Label row 1" in acts["undo"].toolTip()
    acts["undo"].trigger()
    assert acts["redo"].isEnabled()
    assert not acts["undo"].isEnabled()
    acts["redo"].trigger()
    assert window.document.step == 1


def test_rounded_sums_are_said_calmly_and_wrong_ones_plainly(open_window):
    cells = np.array([[0.5, 0.5 + 1e-7], [0.25, 0.75]])
    window = open_window(State(Predictions.of(cells, [0, 1]), source=Source("mine.npy", "/x")))
    assert "not summing" not in window.status._source.text()
    assert "up to rounding" in window.status._source.text()
    window.document.edit(cell(1, 0, 0.4))
    assert "rows not summing to 1: 1" in window.status._source.text()
    window.document.undo()
    assert "not summing" not in window.status._source.text()


def test_tiles_of_listed_rows_say_that_the_baseline_is_of_others(open_window):
    window = open_window(size=(1920, 1080))
    window.filtering.wrong()
    window.filtering.toggle_metrics()
    assert "baseline" not in tile(window, "cross_entropy")[1]
    window.tools.acts["pin"].trigger()
    assert "baseline of all rows only" in tile(window, "cross_entropy")[1]
    window.document.edit(cell(0, 0, 0.29))
    assert "since last edit" in tile(window, "cross_entropy")[1]
    window.filtering.toggle_metrics()
    assert "since baseline" in tile(window, "cross_entropy")[1]
