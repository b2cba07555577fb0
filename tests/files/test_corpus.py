"""Files written as pandas, NumPy, scikit-learn, Keras, PyTorch, Hugging Face and MATLAB write them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.files import FORMATS, FileRefusal, open_labels, open_predictions
from lossacc_gui.files.extras import needed
from tests.files.corpus import BARE, LABELLED, NAMES, P, Y, save_json


@pytest.mark.parametrize("what", LABELLED)
def test_predictions_labels_and_names_are_found(tmp_path, what):
    name, make = LABELLED[what]
    make(tmp_path / name)
    found = open_predictions(tmp_path / name)
    np.testing.assert_array_equal(found.predictions.probs[0], P)
    assert found.predictions.labels.tolist() == Y.tolist(), found.notes
    assert found.predictions.class_names in (tuple(NAMES), ("0", "1", "2"))
    assert any(note.startswith("labels from ") for note in found.notes)


@pytest.mark.parametrize("what", BARE)
def test_predictions_alone_are_found(tmp_path, what):
    name, make = BARE[what]
    make(tmp_path / name)
    found = open_predictions(tmp_path / name)
    np.testing.assert_array_equal(found.predictions.probs[0], P)
    assert found.predictions.labels.tolist() == [-1] * 3


@pytest.mark.parametrize("what", LABELLED)
def test_labels_of_the_same_files_alone(tmp_path, what):
    name, make = LABELLED[what]
    make(tmp_path / name)
    given = Predictions.of(P, None, NAMES)
    assert open_labels(tmp_path / name, given).tolist() == Y.tolist()


def test_every_format_is_in_the_corpus():
    named = {name for name, _ in [*LABELLED.values(), *BARE.values()]}
    missing = [
        known.key
        for known in FORMATS
        if known.key != "npy" and not any(name.endswith(known.suffixes) for name in named)
    ]
    assert not missing


def test_a_library_that_is_not_there_is_asked_for(monkeypatch):
    with pytest.raises(
        ValueError, match=r'none_such, which is not installed: pip install "lossacc_gui\[x\]"'
    ):
        needed("none_such.part", "x")


def test_the_scores_of_the_best_class_are_enough_for_two(tmp_path):
    save_json([{"label": "POSITIVE", "score": 0.75}, {"label": "NEGATIVE", "score": 0.5}])(
        tmp_path / "p.json"
    )
    found = open_predictions(tmp_path / "p.json").predictions
    assert found.class_names == ("NEGATIVE", "POSITIVE")
    assert found.probs[0].tolist() == [[0.25, 0.75], [0.5, 0.5]]
    three = [{"label": f"LABEL_{i}", "score": 0.75} for i in range(3)]
    save_json(three)(tmp_path / "p.json")
    with pytest.raises(FileRefusal, match=r"item 1: no score of 'LABEL_1', 'LABEL_2': .*top_k=None"):
        open_predictions(tmp_path / "p.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: it is no JSON: expecting value"),
        ("{}", "it holds no list and no object, or an empty one"),
        ("[1, 2", "it is no JSON"),
        ("[" * 100_000, "thousands deep"),
        ('{"a":' * 100_000, "thousands deep"),
        ("[[0.1, 0.9], [1]]", "item 2: 1 number, but 2 in the first"),
        ('[[0.1, "x"], [1, 2]]', "item 1, column 2: 'x' is no number"),
        ('[{"a": 1, "b": 2}, {"a": 1, "c": 2}]', "item 2: it has 'c', which the first has not"),
        ('[{"a": 1, "b": {"c": 2}}]', "item 1, column 1: {'c': 2} is no number"),
        ('{"a": [1, 2], "b": [1]}', "list 'b': 1 value, but 2 in 'a'"),
        ('{"a": 1, "b": 2}', "an object of 'a', 'b', with no list in it"),
        ('[{"label": "x", "score": "0.5"}]', "item 1: \"?'0.5'\"? is no score"),
        ("[[[[[1]]]]]", "too deep for predictions"),
        ("[" + "9" * 5000 + "]", "inf|looks like|1 row"),
    ],
)
def test_json_that_is_none_is_refused(tmp_path, text, message):
    (tmp_path / "p.json").write_text(text)
    if "inf" in message:
        assert open_predictions(tmp_path / "p.json").predictions.rows == 1
        return
    with pytest.raises(FileRefusal, match=message):
        open_predictions(tmp_path / "p.json")


def test_a_line_that_is_none_is_named(tmp_path):
    (tmp_path / "p.jsonl").write_text("[0.1, 0.9]\n\n[0.1, \n")
    with pytest.raises(FileRefusal, match="line 3: it is no JSON"):
        open_predictions(tmp_path / "p.jsonl")


def test_null_is_nan_and_no_label(tmp_path):
    (tmp_path / "p.json").write_text(json.dumps({"probs": [[None, 1], [0.5, 0.5]], "labels": [None, 1]}))
    found = open_predictions(tmp_path / "p.json").predictions
    assert np.isnan(found.probs[0, 0, 0])
    assert found.labels.tolist() == [-1, 1]
