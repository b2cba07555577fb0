"""Files dropped together: predictions with their labels, parts, epochs, or a sentence why not."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files import parted


@pytest.mark.parametrize(
    ("predictions", "labels"),
    [
        ("pred_probs.npy", "labels.npy"),
        ("mnist_pred_probs.npy", "mnist_labels.npy"),
        ("p.npy", "y.npy"),
        ("y_pred.csv", "y_true.csv"),
        ("model.csv.gz", "ground_truth.txt"),
        ("label_model_probs.npy", "targets.npy"),
        ("resnet.npz", "testlabels.npy"),
    ],
)
def test_predictions_and_labels_in_either_order(predictions, labels):
    for paths in itertools.permutations((f"/a/{predictions}", f"/a/{labels}")):
        assert parted(paths) == (f"/a/{predictions}", f"/a/{labels}")


def test_one_file_is_opened_whatever_it_is_called():
    assert parted(["/a/labels.npy"]) == ("/a/labels.npy", None)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("a.npy", "b.npy", "labels.npy"), "'a.npy', 'b.npy' may each be the predictions"),
        (("y_true.npy", "labels.npy"), "may each be the predictions"),
        (("p.npy", "y_true.npy", "labels.npy"), "'y_true.npy', 'labels.npy' may each be the labels"),
    ],
)
def test_too_many_are_refused_by_name(tmp_path, names, said):
    for name in names:
        np.save(tmp_path / name, np.eye(2))
    with pytest.raises(Refusal, match=said):
        parted([str(tmp_path / name) for name in names])


def test_all_epochs_of_a_folder_are_the_folder_and_some_are_not(tmp_path):
    paths = [str(tmp_path / f"epoch_{k}.npy") for k in range(3)]
    for path in paths:
        np.save(path, np.full((2, 2), 0.5))
    np.save(tmp_path / "labels.npy", [0, 1])
    assert parted(paths[::-1]) == (str(tmp_path), None)
    assert parted([*paths, str(tmp_path / "labels.npy")]) == (str(tmp_path), str(tmp_path / "labels.npy"))
    with pytest.raises(Refusal, match="or a whole folder of epochs"):
        parted(paths[:2])


def test_all_parts_of_a_matrix_are_one(tmp_path):
    paths = [str(tmp_path / f"p.part{k}_of_2.npy") for k in (1, 2)]
    for path in paths:
        np.save(path, np.full((2, 2), 0.5))
    assert parted(paths) == (paths[0], None)
