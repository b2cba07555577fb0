"""Labels: named by the user, inside the file, or found beside it, and which of them wins."""

from __future__ import annotations

import os

import numpy as np
import pytest

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.files import FileRefusal, Progress, Stopped, open_labels, open_predictions
from lossacc_gui.files.labels import candidates
from lossacc_gui.files.names import first_of

P = np.array([[0.2, 0.8], [0.5, 0.5], [0.9, 0.1]])
Y = np.array([1, 0, 0])
NONE = "no labels were found: the rows are shown and not counted"


def labels_of(opened):
    return opened.predictions.labels.tolist()


def test_the_real_files_find_their_labels(shared_data):
    for stem, rows, classes in (("mnist", 10_000, 10), ("20news", 7532, 20)):
        opened = open_predictions(shared_data / f"{stem}_pred_probs.npy")
        assert opened.predictions.probs.shape == (1, rows, classes)
        assert opened.notes == (f"labels from {stem}_labels.npy, beside it",)
        assert opened.source.labels_path == str(shared_data / f"{stem}_labels.npy")
        expected = np.load(shared_data / f"{stem}_labels.npy")
        np.testing.assert_array_equal(opened.predictions.labels, expected)
        again = open_labels(shared_data / f"{stem}_labels.npy", opened.predictions)
        np.testing.assert_array_equal(again, expected)
        assert again.dtype == np.int32


@pytest.mark.parametrize(
    ("predictions", "labels"),
    [
        ("mnist_pred_probs.npy", "mnist_labels.npy"),
        ("mnist_pred_probs.npy", "mnist_y_true.npz"),
        ("pred_probs.npy", "labels.npy"),
        ("pred_probs.npy", "y_true.npy"),
        ("pred_probs.npy", "labels.csv"),
        ("y_pred.npy", "y.npy"),
        ("val-LOGITS-3.npy", "val-labels-3.npy"),
        ("probs.csv", "labels.csv"),
        ("x_probs.csv", "x_labels.csv"),
        ("x_probs.csv", "x_probs_labels.npy"),
        ("model.npy", "model_labels.tsv"),
    ],
)
def test_labels_are_found_beside(tmp_path, predictions, labels):
    for name, array in ((predictions, P), (labels, Y)):
        write(tmp_path / name, array)
    opened = open_predictions(tmp_path / predictions)
    assert labels_of(opened) == [1, 0, 0]
    assert opened.notes == (f"labels from {labels}, beside it",)
    assert opened.source.labels_path == str(tmp_path / labels)
    assert opened.source.name == predictions


def write(path, array):
    if path.suffix == ".npy":
        np.save(path, array)
    elif path.suffix == ".npz":
        np.savez(path, labels=array)
    else:
        np.savetxt(path, array, delimiter="," if path.suffix == ".csv" else "\t")


@pytest.mark.parametrize("other", ["labels.npy", "probability_labels.npy", "xlabels.npy", "MNIST.npy"])
def test_no_other_name_is_taken(tmp_path, other):
    np.save(tmp_path / "x_probs.npy", P)
    np.save(tmp_path / other, Y)
    assert open_predictions(tmp_path / "x_probs.npy").notes == (NONE,)


def test_the_first_of_equal_names_is_taken():
    assert first_of(("y", "label"), ["a", " Label ", "label"]) == " Label "
    assert first_of(("y",), ["a"]) is None


def test_words_inside_other_words_are_none(tmp_path):
    np.save(tmp_path / "probsy.npy", P)
    np.save(tmp_path / "labelsy.npy", Y)
    assert list(candidates(tmp_path / "probsy.npy")) == []


def test_a_neighbour_that_does_not_fit_is_not_used_and_said(tmp_path):
    np.save(tmp_path / "probs.npy", P)
    np.save(tmp_path / "labels.npy", Y[:2])
    np.save(tmp_path / "y_true.npy", [1, 0, 2])
    (tmp_path / "target.npy").write_bytes(b"broken")
    opened = open_predictions(tmp_path / "probs.npy")
    assert labels_of(opened) == [-1, -1, -1]
    # A word first: a name takes no capital letter.
    names = ("labels", "y_true", "target")
    assert [note.split(",")[0] for note in opened.notes[:3]] == [f"the labels in {n}.npy" for n in names]
    assert opened.notes[0] == "the labels in labels.npy, beside it, were not used: 2 labels for 3 rows"
    assert opened.notes[-1] == NONE
    assert opened.source.labels_path == ""
    np.save(tmp_path / "truth.npy", Y)
    assert labels_of(open_predictions(tmp_path / "probs.npy")) == [1, 0, 0]


def test_a_pipe_beside_is_left_alone(tmp_path):
    np.save(tmp_path / "probs.npy", P)
    os.mkfifo(tmp_path / "labels.npy")
    assert open_predictions(tmp_path / "probs.npy").notes == (NONE,)


def test_a_name_too_long_for_a_neighbour(tmp_path):
    path = tmp_path / ("x" * 250 + ".npy")
    np.save(path, P)
    assert open_predictions(path).notes == (NONE,)


def test_the_named_file_wins_over_the_file_itself_and_that_over_a_neighbour(tmp_path):
    np.savez(tmp_path / "probs.npz", probs=P, labels=Y)
    np.save(tmp_path / "labels.npy", [0, 0, 0])
    np.save(tmp_path / "named.npy", [1, 1, 1])
    opened = open_predictions(tmp_path / "probs.npz")
    assert labels_of(opened) == [1, 0, 0]
    assert opened.notes == ("labels from array 'labels' in the same file",)
    opened = open_predictions(tmp_path / "probs.npz", tmp_path / "named.npy")
    assert labels_of(opened) == [1, 1, 1]
    assert opened.notes == (
        "labels from named.npy",
        "labels in the file itself (array 'labels' in the same file) were left out",
    )
    assert opened.source.labels_path == str(tmp_path / "named.npy")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("label\ncat\ndog\n\n", [0, 1]),
        ("cat\ndog\n", [0, 1]),
        ("0\n1\n", [0, 1]),
        ("1\n\n", [1]),
        ("id,label\n5,dog\n6,cat\n", [1, 0]),
        ("dog\n\ncat\n", [1, -1, 0]),
        ("cat,dog\n1,0\n0,1\n", [0, 1]),
        ("0,1\n1,0\n", [1, 0]),
        ("x,truth\na,dog\nb,\n", [1, -1]),
        ("species\n0\n1\n", [0, 1]),
        ("7,dog\n8,cat\n", [1, 0]),
        ("id,species\n7,1\n8,0\n", [1, 0]),
    ],
)
def test_label_tables(tmp_path, text, codes):
    (tmp_path / "y.csv").write_text(text)
    given = Predictions.of(P[[0] * len(codes)], None, ["cat", "dog"])
    assert open_labels(tmp_path / "y.csv", given).tolist() == codes


def test_label_arrays_of_texts_numbers_and_one_hot(tmp_path):
    given = Predictions.of(P, None, ["cat", "dog"])
    for array in (["dog", "cat", ""], [1, 0, -1], [1.0, 0.0, np.nan], [[0, 1], [1, 0], [0, 0]]):
        for dtype in (None, np.uint16, ">i8") if array == [1, 0, 0] else (None,):
            np.save(tmp_path / "y.npy", np.array(array, dtype))
            assert open_labels(tmp_path / "y.npy", given).tolist() == [1, 0, -1]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        (
            "y.npy",
            np.array([0, 1]),
            "labels: 2 labels for 3 rows",
        ),
        ("y.npy", np.array([0, 1, 2]), "row 3, label: 2 is no class: use 0 to 1"),
        ("y.npy", np.array([0, 0.5, 1]), r"row 2, label: 0\.5 is not a whole number"),
        ("y.npy", np.array(["cat", "cow", "dog"]), "row 2, label: 'cow' is none of the 2 classes"),
        ("y.npy", np.ones((3, 2, 2)), r"labels: shape \(3, 2, 2\)"),
        (
            "y.npy",
            np.array([0, 1, 1], object),
            r"pickled objects.*np\.asarray\(.*allow_pickle=True\), dtype=str",
        ),
        ("y.npy", np.array(["x" * 5000]), "is no label"),
        ("y.npz", np.array([0, 1]), "2 labels for 3 rows"),
        ("y.csv", np.array([0, 1]), "2 labels for 3 rows"),
        ("y.csv", np.array([[0.5, 1]] * 3), r"line 1, column 1, label: 0\.5 in a one-hot matrix"),
    ],
)
def test_labels_that_do_not_fit_name_their_own_file(tmp_path, name, data, message):
    np.save(tmp_path / "p.npy", P)
    if data.dtype == object:
        np.save(tmp_path / name, data, allow_pickle=True)
    else:
        write(tmp_path / name, data)
    given = Predictions.of(P, None, ["cat", "dog"])
    with pytest.raises(FileRefusal, match=message) as refused:
        open_labels(tmp_path / name, given)
    assert str(refused.value).startswith(f"{tmp_path / name}: ")
    if data.dtype.kind != "U":
        with pytest.raises(FileRefusal, match=message) as refused:
            open_predictions(tmp_path / "p.npy", tmp_path / name)
        assert str(refused.value).startswith(f"{tmp_path / name}: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("\n\n", "it is empty"),
        ("id,label\n1,cat\n2\n", "line 3: 1 cell, but 2 in the first line"),
        ("a\0b\n", "line 1: a NUL byte"),
        ("x" * 5000 + "\n" + "y\n" * 2, "line 1, label: 'xxx"),
        ("label\ncat\n\ncow\n", "line 4, label: 'cow'"),
        ("id,prediction\n1,1\n2,0\n", "line 1: column 'prediction' holds predictions: name the column"),
        ("y\nn\ny\n", "line 1, label: 'y' is none"),
        ("team 1\nteam 2\nteam 1\n", "line 1, label: 'team 1'"),
    ],
)
def test_label_tables_that_cannot_be_read(tmp_path, text, message):
    (tmp_path / "y.csv").write_text(text)
    with pytest.raises(FileRefusal, match=message) as refused:
        open_labels(tmp_path / "y.csv", Predictions.of(P, None, ["cat", "dog"]))
    assert len(str(refused.value)) < len(str(tmp_path)) + 400


def test_an_archive_without_labels_says_what_it_holds(tmp_path):
    np.savez(tmp_path / "y.npz", a=Y, b=Y)
    with pytest.raises(FileRefusal, match="no labels among 'a', 'b': call the array of labels 'labels'"):
        open_labels(tmp_path / "y.npz", Predictions.of(P))


def test_a_missing_labels_file_is_named(tmp_path):
    np.save(tmp_path / "p.npy", P)
    with pytest.raises(FileRefusal, match=r"gone\.npy: reading it: there is no such file"):
        open_predictions(tmp_path / "p.npy", tmp_path / "gone.npy")


def test_stop_stops(tmp_path):
    np.save(tmp_path / "y.npy", Y)
    with pytest.raises(Stopped):
        open_labels(tmp_path / "y.npy", Predictions.of(P), Progress(stop=lambda: True))


def test_a_line_is_named_where_labels_are_in_a_text(tmp_path):
    np.save(tmp_path / "p.npy", P)
    (tmp_path / "y.csv").write_text("id,label\n\n7,0\n8,1\n9,7\n")
    with pytest.raises(FileRefusal, match=r"y\.csv: labels: 4 labels for 3 rows"):
        open_predictions(tmp_path / "p.npy", tmp_path / "y.csv")
    (tmp_path / "y.csv").write_text("id,label\n7,0\n8,1\n9,7\n")
    with pytest.raises(FileRefusal, match=r"y\.csv: line 4, label: 7 is no class"):
        open_predictions(tmp_path / "p.npy", tmp_path / "y.csv")


@pytest.mark.parametrize(("text", "codes"), [("?\n0\n1\n", [-1, 0, 1]), ("y\nn\ny\n", [1, 0, 1])])
def test_a_first_label_is_no_header(tmp_path, text, codes):
    (tmp_path / "y.csv").write_text(text)
    names = ["n", "y"] if "y" in text else None
    assert open_labels(tmp_path / "y.csv", Predictions.of(P, None, names)).tolist() == codes


def test_a_separate_file_gives_the_score_to_the_class_it_names(tmp_path):
    (tmp_path / "x_probs.csv").write_text("prob_cat\n.9\n.2\n")
    (tmp_path / "x_labels.csv").write_text("label\ncat\ndog\n")
    for options in ((), (tmp_path / "x_labels.csv",)):
        opened = open_predictions(tmp_path / "x_probs.csv", *options)
        assert opened.predictions.class_names == ("dog", "cat")
        assert labels_of(opened) == [1, 0]
        assert opened.predictions.probs[0, :, 1].tolist() == [0.9, 0.2]
