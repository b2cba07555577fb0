"""JSON whose rows give their numbers by the name of the class."""

from __future__ import annotations

import json

import pytest

from lossacc_gui.files import FileRefusal, open_predictions

ROWS = [
    {"id": "a", "probs": {"cat": 0.75, "dog": 0.25}, "label": "cat"},
    {"id": "b", "probs": {"dog": 0.375, "cat": 0.625}, "label": "dog"},
]


def opened(tmp_path, value, name: str = "p.json"):
    lines = name.endswith(".jsonl")
    text = "\n".join(map(json.dumps, value)) if lines else json.dumps(value)
    (tmp_path / name).write_text(text)
    return open_predictions(tmp_path / name)


SHAPES = {
    "records": (ROWS, "p.json"),
    "lines": (ROWS, "p.jsonl"),
    "by number": ({str(i): row for i, row in enumerate(ROWS)}, "p.json"),
    "lists": ({"scores": [r["probs"] for r in ROWS], "labels": ["cat", "dog"]}, "p.json"),
    "beside what is known of all": ({"model": {"name": "x"}, "results": ROWS, "seed": 3}, "p.json"),
    "another word": ([{"prediction": r["probs"], "truth": r["label"]} for r in ROWS], "p.jsonl"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_rows_are_read_by_class_whatever_their_order(tmp_path, shape):
    found = opened(tmp_path, *SHAPES[shape]).predictions
    assert found.class_names == ("cat", "dog")
    assert found.probs[0].tolist() == [[0.75, 0.25], [0.625, 0.375]]
    assert found.labels.tolist() == [0, 1]


def test_classes_stand_as_all_rows_give_them_and_sorted_where_they_differ(tmp_path):
    first, *_ = [{"probs": {"b": 0.5, "a": 0.25, "c": 0.25}, "label": "a"}]
    assert opened(tmp_path, [first, first]).predictions.class_names == ("b", "a", "c")
    other = {"probs": {"c": 0.5, "a": 0.25, "b": 0.25}, "label": "a"}
    assert opened(tmp_path, [first, other]).predictions.class_names == ("a", "b", "c")


def test_numbers_of_classes_are_values_and_not_positions(tmp_path):
    rows = [{"scores": {"10": 0.5, "2": 0.5}, "y": 10}, {"scores": {"2": 0.125, "10": 0.875}, "y": 2}]
    found = opened(tmp_path, rows).predictions
    assert found.class_names == ("2", "10")
    assert found.probs[0].tolist() == [[0.5, 0.5], [0.125, 0.875]]
    assert found.labels.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("second", "what"),
    [
        ({"cat": 1.0}, "item 2: no number of 'dog'"),
        ({"cat": 1.0, "dog": 0.0, "eel": 0.0}, "item 2: 'eel', which the first row has not"),
        ({"cat": "x", "dog": 0.0}, "item 2: 'x', of class 'cat', is no number"),
        ({"cat": True, "dog": 0.0}, "item 2: True, of class 'cat', is no number"),
        ([0.5, 0.5], r"item 2: \[0.5, 0.5\] is no object of numbers by class"),
    ],
)
def test_a_row_that_differs_is_refused_with_its_place(tmp_path, second, what):
    with pytest.raises(FileRefusal, match=what):
        opened(tmp_path, [ROWS[0], {**ROWS[1], "probs": second}])


def test_what_is_no_number_is_left_out_beside_predictions(tmp_path):
    rows = [{"tokens": ["a"] * n, "meta": {"src": "x"}, "probs": [0.5, 0.5], "label": 1} for n in (1, 2)]
    found = opened(tmp_path, rows)
    assert found.predictions.labels.tolist() == [1, 1]
    assert "arrays left out: 'tokens', 'meta'" in found.notes
    with pytest.raises(FileRefusal, match="item 2: 2 numbers, but 1 in the first"):
        opened(tmp_path, [{"tokens": ["a"] * n} for n in (1, 2)])
    with pytest.raises(FileRefusal, match="item 2: 1 number, but 2 in the first"):
        opened(tmp_path, [{"probs": [0.5] * n, "other": [0.5, 0.5]} for n in (2, 1)])
