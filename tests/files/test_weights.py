"""Sample weights in files: recognised by name, checked once, kept with their rows, used in the loss alone."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, log_loss

from lossacc_gui.core.convention import preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics import ACCURACY, CROSS_ENTROPY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.files import FileRefusal, open_predictions, save_predictions

P = np.array([[0.25, 0.5, 0.25], [0.125, 0.125, 0.75], [0.5, 0.25, 0.25]])
Y = np.array([1, 2, 1])
W = np.array([2.0, 0.0, 0.5])


def frame(name="sample_weight", weights=W):
    table = pd.DataFrame(P, columns=["ant", "bee", "cat"])
    table["label"] = ["bee", "cat", "bee"]
    table[name] = weights
    return table


def weights_of(path, labels=None):
    found = open_predictions(path, labels).predictions.weights
    return None if found is None else found.tolist()


def archive(path, **arrays):
    np.savez(path, pred_probs=P, labels=Y, **arrays)


MAKE = {
    ".csv": lambda path, name: frame(name).to_csv(path, index=False),
    ".tsv": lambda path, name: frame(name).to_csv(path, index=False, sep="\t"),
    ".parquet": lambda path, name: frame(name).to_parquet(path),
    ".feather": lambda path, name: frame(name).to_feather(path),
    ".xlsx": lambda path, name: frame(name).to_excel(path, index=False),
    ".jsonl": lambda path, name: frame(name).to_json(path, orient="records", lines=True),
    ".json": lambda path, name: path.write_text(
        json.dumps({"pred_probs": P.tolist(), "labels": Y.tolist(), name: W.tolist()})
    ),
    ".npz": lambda path, name: archive(path, **{name: W}),
}


@pytest.mark.parametrize("name", ["sample_weight", "weight", "Weights"])
@pytest.mark.parametrize("suffix", MAKE)
def test_they_are_found_by_name_and_said(tmp_path, suffix, name):
    path = tmp_path / f"p{suffix}"
    MAKE[suffix](path, name)
    opened = open_predictions(path)
    assert weights_of(path) == W.tolist()
    assert opened.predictions.classes == 3
    assert any("rows are weighted by" in note and name in note for note in opened.notes)


def test_the_loss_is_weighted_as_scikit_learn_does_it_and_accuracy_is_not(tmp_path):
    path = tmp_path / "p.npz"
    archive(path, sample_weight=W)
    found = evaluate(open_predictions(path).predictions, preset("sklearn").for_classes(3))
    assert found.read(CROSS_ENTROPY).value == pytest.approx(
        log_loss(Y, P, sample_weight=W, labels=[0, 1, 2]), rel=1e-15
    )
    assert found.read(ACCURACY).value == accuracy_score(Y, P.argmax(axis=1))
    assert found.read(CROSS_ENTROPY).note.startswith("sample weights")


@pytest.mark.parametrize(
    ("written", "said"),
    [("-1", "'-1' is no weight"), ("nan", "'nan' is no weight"), ("inf", "'inf' is no weight"),
     ("x", "'x' is no weight"), ("", "the cell is empty")],
)  # fmt: skip
def test_a_line_whose_weight_is_none_is_named(tmp_path, written, said):
    path = tmp_path / "p.csv"
    path.write_text(f"a,b,label,sample_weight\n.5,.5,a,1\n.25,.75,b,{written}\n")
    with pytest.raises(FileRefusal, match=rf"line 3, column 'sample_weight': {said}: give every row"):
        open_predictions(path)


@pytest.mark.parametrize("bad", [-0.5, np.nan, np.inf])
def test_a_row_of_an_array_whose_weight_is_none_is_named(tmp_path, bad):
    path = tmp_path / "p.npz"
    archive(path, sample_weight=np.array([1, bad, 1]))
    with pytest.raises(FileRefusal, match=rf"array 'sample_weight': row 2 has the weight {bad:g}"):
        open_predictions(path)


def test_all_zero_is_said_and_still_opens_since_it_can_be_saved(tmp_path):
    path = tmp_path / "p.csv"
    save_predictions(path, Predictions.of(P, Y, weights=[0, 0, 0]))
    opened = open_predictions(path)
    assert any("every row has the weight 0" in note for note in opened.notes)
    reading = evaluate(opened.predictions, preset("by_hand")).read(CROSS_ENTROPY)
    assert (reading.value, reading.reason) == (None, "every labelled row has the weight 0")


def test_a_layer_called_weights_is_left_out_and_sample_weights_of_another_shape_are_refused(tmp_path):
    path = tmp_path / "p.npz"
    archive(path, weights=np.ones((4, 3)))
    opened = open_predictions(path)
    assert opened.predictions.weights is None
    assert any("array 'weights' was left out: shape (4, 3)" in note for note in opened.notes)
    archive(path, sample_weight=np.ones(2))
    with pytest.raises(FileRefusal, match=r"'sample_weight': shape \(2,\), and not one number for each of 3"):
        open_predictions(path)


def test_a_column_of_logits_called_weight_is_asked_about(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("height,weight,label\n1.5,-0.5,height\n-2,2,weight\n")
    with pytest.raises(FileRefusal, match="'weight': it holds negative numbers") as refused:
        open_predictions(path)
    assert refused.value.question is not None
    assert refused.value.question.key == "classes"


def test_labels_from_another_file_leave_the_weights(tmp_path):
    frame().drop(columns="label").to_csv(tmp_path / "p.csv", index=False)
    np.save(tmp_path / "y.npy", Y)
    assert weights_of(tmp_path / "p.csv", tmp_path / "y.npy") == W.tolist()


def test_images_have_a_weight_a_pixel(tmp_path):
    path, pixels = tmp_path / "p.npz", np.full((2, 3, 4, 2), 0.5)
    weights = np.arange(24.0).reshape(2, 3, 4)
    np.savez(path, pred_probs=pixels, labels=np.zeros((2, 3, 4), int), sample_weight=weights)
    assert weights_of(path) == weights.reshape(-1).tolist()


def test_parts_and_epochs_have_the_weights_of_their_rows(tmp_path):
    for k in (1, 2):
        frame(weights=W + k).to_csv(tmp_path / f"p.part{k}_of_2.csv", index=False)
    assert weights_of(tmp_path / "p.part1_of_2.csv") == [*(W + 1), *(W + 2)]
    folder = tmp_path / "run"
    folder.mkdir()
    for k in range(2):
        frame().to_csv(folder / f"epoch_{k}.csv", index=False)
    assert weights_of(folder) == W.tolist()
