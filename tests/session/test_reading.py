"""What is made of a file before it takes the place of what is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossacc_gui import files
from lossacc_gui.core.convention import Rows, preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.session import reading as module
from lossacc_gui.session.reading import Found, Reading, Unclear, as_usual, read_labels

CELLS, LABELS = np.array([[0.2, 0.8], [0.6, 0.4], [0.3, 0.7]]), np.array([1, 0, 0])


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "p.npz"
    np.savez(path, probs=CELLS, labels=LABELS)
    return Reading(str(path), None, files.Choices(), {}, preset("by_hand"), as_usual, 100)


def told(_share):
    """Nobody waits for it."""


def test_what_is_found_means_what_its_state_means(plan):
    found = plan.read(told, lambda: False)
    assert isinstance(found, Found)
    state = found.state
    assert np.array_equal(state.predictions.probs[0], CELLS)
    assert found.evaluation.tally == evaluate(state.predictions, state.convention).tally


def test_it_is_read_as_asked(plan):
    asked = replace(plan, read_as=lambda convention: replace(convention, rows=Rows.LOGITS))
    found = asked.read(told, lambda: False)
    assert found.state.convention.rows is found.evaluation.convention.rows is Rows.LOGITS


def test_many_rows_come_in_pages(plan):
    assert plan.read(told, lambda: False).state.page is None
    assert replace(plan, most=2).read(told, lambda: False).state.page.whole.rows == 3


def test_what_can_be_read_in_several_ways_is_asked_until_it_is_known(plan, tmp_path):
    np.savez(tmp_path / "p.npz", first=CELLS, second=1 - CELLS, labels=LABELS)
    unclear = plan.read(told, lambda: False)
    assert isinstance(unclear, Unclear)
    chosen = unclear.choices.put(unclear.question.key, "second")
    found = replace(plan, choices=chosen).read(told, lambda: False)
    assert np.array_equal(found.state.predictions.probs[0], 1 - CELLS)


def test_a_file_that_is_written_to_meanwhile_is_refused(plan, monkeypatch):
    stamps = iter([(1, 1), (2, 2)])
    monkeypatch.setattr(files, "stamp_of", lambda _: next(stamps))
    with pytest.raises(Refusal, match="written to while it was read"):
        plan.read(told, lambda: False)


def test_how_far_it_is_is_told_to_those_who_wait(plan, monkeypatch):
    shares: list[float] = []
    plan.read(shares.append, lambda: False)
    assert shares == []
    monkeypatch.setattr(module, "WAITED_SECONDS", 0.0)
    plan.read(shares.append, lambda: False)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_labels_of_a_file_for_the_rows_there_are(tmp_path):
    np.save(tmp_path / "y.npy", LABELS)
    found = read_labels(str(tmp_path / "y.npy"), files.Choices(), Predictions.of(CELLS), lambda: False)
    assert isinstance(found, tuple)
    path, labels = found
    assert path.endswith("y.npy")
    assert np.array_equal(labels, LABELS)
