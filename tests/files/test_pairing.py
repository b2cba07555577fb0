"""Labels find their predictions by what both names say, or by being the only array that can be labels."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.files import Choices, FileRefusal, open_predictions
from lossacc_gui.files.pairing import can_be_labels, named_for, says_labels, says_predictions

P = np.array([[0.2, 0.7, 0.1], [0.5, 0.25, 0.25], [0.05, 0.05, 0.9], [0.1, 0.8, 0.1]])
Y = np.array([1, 0, 2, 1])
Q, Z = P[::-1].copy(), np.array([2, 2, 0, 1])


@pytest.fixture
def opened(tmp_path):
    def opened(*arrays, choose: str = "", **named):
        np.savez(tmp_path / "p.npz", *arrays, **named)
        choices = Choices.of([choose] if choose else [])
        return open_predictions(tmp_path / "p.npz", choices=choices)

    return opened


def labels(found):
    return found.predictions.labels.tolist()


@pytest.mark.parametrize(
    "given",
    [
        Y,
        Y.astype(np.uint16),
        Y.astype(float),
        Y.reshape(-1, 1),
        np.eye(3, dtype=int)[Y],
        np.array(["a", "b", "c"])[Y],
    ],
)
def test_savez_without_names_gives_predictions_and_labels(opened, given):
    found = opened(P, given)
    assert labels(found) == [1, 0, 2, 1]
    np.testing.assert_array_equal(found.predictions.probs[0], P)
    assert "labels from array 'arr_1', the only one that can be labels" in found.notes
    if given.ndim == 1:
        assert labels(opened(given, P)) == [1, 0, 2, 1]


def test_scores_of_two_classes_without_names(opened):
    found = opened(np.array([0.25, 0.75, 0.5]), np.array([0, 1, 1]))
    assert labels(found) == [0, 1, 1]
    assert found.predictions.probs[0, :, 1].tolist() == [0.25, 0.75, 0.5]


@pytest.mark.parametrize(
    "other",
    [Y[:3], Y + 5, Y - 2, Y + 0.5, np.array([0, 3, 1, 2]), np.array(list("abcd")), np.eye(3)[Y][:3]],
)
def test_what_cannot_be_labels_is_left_out(opened, other):
    found = opened(P, other, choose="array=arr_0")
    assert labels(found) == [-1] * 4
    assert "arrays left out: 'arr_1'" in found.notes


def test_an_array_with_a_name_that_is_no_word_for_labels_is_left_out(opened):
    assert labels(opened(P, fold=Y)) == [-1] * 4


def test_labels_that_count_from_one_are_asked_about(opened):
    with pytest.raises(FileRefusal, match="they run to 3"):
        opened(P, Y + 1)


def test_several_that_can_be_labels_are_asked_about(opened):
    with pytest.raises(FileRefusal, match="'arr_1', 'arr_2' may each be the labels") as refused:
        opened(P, Y, Z)
    assert refused.value.question is not None
    assert [option.value for option in refused.value.question.options] == ["", "arr_1", "arr_2"]
    assert labels(opened(P, Y, Z, choose="label=arr_2")) == Z.tolist()
    assert labels(opened(P, Y, Z, choose="label=")) == [-1] * 4


PAIRS = {
    ("train_probs", "y_train"): ("test_probs", "y_test"),
    ("probs_train", "train_labels"): ("probs_val", "val_labels"),
    ("y_train_pred", "y_train"): ("y_val_pred", "y_val"),
    ("trainScores", "trainTarget"): ("testScores", "testTarget"),
    ("train_pred_probs", "y_true_train"): ("test_pred_probs", "y_true_test"),
}


@pytest.mark.parametrize(("one", "other"), PAIRS.items())
def test_of_several_pairs_each_keeps_together(opened, one, other):
    arrays = {one[1]: Y, other[1]: Z, other[0]: Q, one[0]: P}
    with pytest.raises(FileRefusal, match="may each be the predictions") as refused:
        opened(**arrays)
    question = refused.value.question
    assert question is not None
    assert {option.value for option in question.options} == {one[0], other[0]}
    assert all(f"labels in {pair[1]}" in "".join(o.text for o in question.options) for pair in (one, other))
    assert labels(opened(choose=f"array={one[0]}", **arrays)) == Y.tolist()
    assert labels(opened(choose=f"array={other[0]}", **arrays)) == Z.tolist()


@pytest.mark.parametrize(("one", "other"), PAIRS.items())
def test_a_pair_alone_opens_without_a_question(opened, one, other):
    found = opened(**{one[0]: P, one[1]: Y, "X_train": P[:, :2]})
    np.testing.assert_array_equal(found.predictions.probs[0], P)
    assert labels(found) == Y.tolist()
    assert f"labels from array '{one[1]}' in the same file" in found.notes
    assert labels(opened(**{one[0]: P, other[1]: Z})) == [-1] * 4  # of others: not a word of them


def test_bare_names_go_with_any(opened):
    assert labels(opened(test_probs=P, labels=Y)) == Y.tolist()
    assert labels(opened(probs=P, y_test=Y)) == Y.tolist()
    assert labels(opened(probs=P, y_train=Z[:3], y_test=Y)) == Y.tolist()
    with pytest.raises(FileRefusal, match="may each be the labels"):
        opened(probs=P, y_train=Z, y_test=Y)


def test_groups_are_parts_of_names():
    names = ["train/labels", "test/labels", "train/pred_probs", "test/pred_probs"]
    assert named_for("test/pred_probs", names) == "test/labels"
    assert named_for("train/pred_probs", names) == "train/labels"
    assert named_for("pred_probs", ["data/labels"]) == "data/labels"


def test_what_names_say():
    assert says_predictions("y_val_pred") == ("val",)
    assert says_labels("y_val_pred") is None
    assert says_labels("class_names") is None
    assert says_labels("sample_weight") is None
    assert says_labels("ground_truth_test") == ("test",)


def test_labels_of_stacks_and_images():
    epochs, images = (5, 4, 3), (2, 2, 1, 3)
    assert can_be_labels(Y, epochs)
    assert not can_be_labels(np.array([0, 1, 2, 1, 0]), epochs)
    assert can_be_labels(Y.reshape(2, 2, 1), images)
