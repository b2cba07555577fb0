"""What is shown of a row says what its numbers are, whatever stands in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from lossacc_gui.core.convention import preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.row_look import RowLook
from tests.core.strategies import predictions

CONVENTIONS = ("by_hand", "keras", "pytorch_logits")


def look_at(cells, convention="by_hand", label=0) -> RowLook:
    """The only row of a matrix."""
    return RowLook.of(evaluate(Predictions.of([cells], [label]), preset(convention)), 0)


@given(held=predictions())
@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_row_of_any_predictions_can_be_shown(held, convention):
    evaluation = evaluate(held, preset(convention))
    for row in range(held.rows):
        look, cells = RowLook.of(evaluation, row), held.probs[0, row].astype(float)
        assert np.array_equal(list(look.cells), cells, equal_nan=True)
        assert all(type(cell) is float for cell in look.cells)  # a NumPy number would show as nothing
        assert look.ties == np.count_nonzero(cells == cells.max())
        shares = [look.share(column) for column in range(held.classes)]
        assert all(0 <= share <= 1 for share in shares)
        assert (look.counted, look.label) == (held.labels[row] >= 0, held.labels[row])


def test_a_bar_is_as_long_as_its_probability_and_never_longer_than_its_cell():
    look = look_at([0.25, -0.5, 1.5, np.nan, np.inf])
    assert [look.share(column) for column in range(5)] == [0.25, 0.0, 1.0, 0.0, 1.0]


def test_the_bars_of_logits_are_their_softmax():
    look = look_at([1.0, 3.0, -2.0, -np.inf], "pytorch_logits")
    shares = np.exp([1.0, 3.0, -2.0, -np.inf])
    assert [look.share(column) for column in range(4)] == pytest.approx((shares / shares.sum()).tolist())


@pytest.mark.parametrize("odd", [[np.nan, 1.0], [np.inf, 1.0], [-np.inf, -np.inf]])
def test_logits_without_a_softmax_have_no_bars(odd):
    look = look_at(odd, "pytorch_logits")
    assert [look.share(0), look.share(1)] == [0.0, 0.0]


def test_tied_are_the_largest_cells_only_and_one_alone_is_not():
    look = look_at([0.4, 0.2, 0.4])
    assert [look.is_tied(column) for column in range(3)] == [True, False, True]
    assert not look_at([0.5, 0.2, 0.3]).is_tied(0)
    assert look_at([np.nan, 0.5, 0.5]).ties == 0
