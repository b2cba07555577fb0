"""A project is an archive anybody can read, and gives back what this program knew beside the numbers."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from lossacc_gui.core.convention import preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.scene import Point
from lossacc_gui.core.state import Baseline
from lossacc_gui.files import (
    ChangedSince,
    FileRefusal,
    Project,
    open_predictions,
    open_project,
    save_predictions,
    stamp_of,
)

P = Predictions.of([[0.25, 0.75], [1.0, 0.0]], [1, -1], ["a", "b"])
KERAS = preset("keras")
PROJECT = Project(
    KERAS,
    Baseline("before", evaluate(P, preset("by_hand")).tally, preset("by_hand")),
    (Point("start", 0.5, 1.0, 2, 2, KERAS), Point("Edit", float("inf"), float("nan"), 2, 2, KERAS, 1)),
    "AAAA",
)


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "work.npz"
    save_predictions(path, P, project=PROJECT)
    return path


def test_a_project_comes_back(saved):
    found = open_project(saved)
    assert found is not None
    assert found.convention == KERAS
    assert found.baseline == PROJECT.baseline
    assert repr(found.history) == repr(PROJECT.history)
    assert found.layout == "AAAA"


def test_anybody_can_read_it(saved):
    with np.load(saved) as archive:  # which refuses pickles
        assert archive["pred_probs"].tolist() == P.probs[0].tolist()
        assert archive["labels"].tolist() == [1, -1]
        assert archive["class_names"].tolist() == ["a", "b"]
        assert json.loads(archive["lossacc_gui"].item())["version"] == 1


def test_its_own_arrays_are_no_predictions_and_no_strangers(saved):
    opened = open_predictions(saved)
    assert opened.predictions.probs.tolist() == P.probs.tolist()
    assert not [note for note in opened.notes if "left out" in note]


def test_other_files_hold_none(tmp_path):
    save_predictions(tmp_path / "p.csv", P, project=PROJECT)
    assert open_project(tmp_path / "p.csv") is None
    np.savez(tmp_path / "p.npz", pred_probs=P.probs[0])
    assert open_project(tmp_path / "p.npz") is None


def with_text(path, text):
    """The archive with another text for its project."""
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist() if not name.startswith("lossacc_gui")}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in kept.items():
            new.writestr(name, content)
        with new.open("lossacc_gui.npy", "w") as stream:
            np.lib.format.write_array(stream, np.array([text]))


RECORD = {"version": 1, "convention": {"is": "Convention"}, "baseline": None, "history": [], "layout": ""}


@pytest.mark.parametrize(
    "record",
    [
        "no json",
        "[]",
        {},
        {**RECORD, "version": 99},
        {**RECORD, "layout": 3},
        {**RECORD, "convention": {"is": "Convention", "clip": 7.0}},
        {**RECORD, "convention": None},
        {**RECORD, "baseline": {"is": "Convention"}},
        {**RECORD, "history": [{"is": "Convention"}]},
        {**RECORD, "history": 5},
    ],
)
def test_a_project_nobody_saved_is_refused_in_a_sentence(saved, record):
    with_text(saved, record if isinstance(record, str) else json.dumps(record))
    with pytest.raises(FileRefusal, match="no project of this version"):
        open_project(saved)


def test_the_least_a_project_holds_is_enough(saved):
    with_text(saved, json.dumps(RECORD))
    found = open_project(saved)
    assert found is not None
    assert found.baseline is None


def test_only_the_expected_file_is_replaced(saved):
    expected = stamp_of(saved)
    written = save_predictions(saved, P, project=PROJECT, expected=expected)
    assert written.stamp == stamp_of(saved) != expected
    content = saved.read_bytes()
    with pytest.raises(ChangedSince, match="has changed since it was opened"):
        save_predictions(saved, P, expected=expected)
    assert saved.read_bytes() == content
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
    saved.unlink()
    save_predictions(saved, P, expected=expected)  # nothing is there to lose


def test_a_change_in_place_is_seen(saved):
    expected = stamp_of(saved)
    with saved.open("r+b") as file:
        file.write(b"PK")
    with pytest.raises(ChangedSince):
        save_predictions(saved, P, expected=expected)
