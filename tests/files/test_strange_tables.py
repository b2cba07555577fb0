"""Tables as people really have them: what they mean is found and said, or refused in words that help."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.files import Choices, FileRefusal, open_predictions, save_predictions
from lossacc_gui.files.cells import number

CATS = (("cat", "dog"), [[0.25, 0.75], [0.5, 0.5]], [1, 0])


@pytest.fixture
def opened(tmp_path):
    def opened(text: str, choose: str = ""):
        (tmp_path / "p.csv").write_text(text, encoding="utf-8")
        return open_predictions(tmp_path / "p.csv", choices=Choices.of([choose] if choose else []))

    return opened


def read(found):
    held = found.predictions
    return held.class_names, held.probs[0].tolist(), held.labels.tolist()


@pytest.mark.parametrize("name", ["true_label", "label_name", "y_test", "Target Class", "gt", "species"])
def test_a_column_of_class_names_is_the_label_whatever_it_is_called(opened, name):
    assert read(opened(f"cat,dog,{name}\n.25,.75,dog\n.5,.5,cat\n")) == CATS
    assert read(opened(f"{name},cat,dog\ndog,.25,.75\ncat,.5,.5\n")) == CATS


def test_what_the_name_does_not_say_is_told(opened):
    text = "column 'species' was taken for the labels: it holds names of classes"
    assert text in opened("cat,dog,species\n.25,.75,dog\n.5,.5,cat\n").notes


def test_indices_need_a_name_with_a_word_for_labels(opened):
    names, _, labels = read(opened("a,b,y_test\n.25,.75,1\n.5,.5,0\n"))
    assert (names, labels) == (("a", "b"), [1, 0])
    assert read(opened("a,b,other\n.25,.75,1\n.5,.5,0\n"))[0] == ("a", "b", "other")


def test_a_prediction_is_no_label(opened):
    found = opened("cat,dog,pred_name,species\n.25,.75,cat,dog\n.5,.5,cat,cat\n")
    assert read(found) == CATS
    assert "columns left out: 'pred_name'" in found.notes
    assert read(opened("cat,dog,predicted\n.25,.75,cat\n.5,.5,dog\n"))[2] == [-1, -1]


def test_several_columns_of_labels_are_asked_about(opened):
    text = "cat,dog,first,second\n.25,.75,cat,dog\n.5,.5,cat,cat\n"
    with pytest.raises(FileRefusal, match="'first', 'second' may each be the labels"):
        opened(text)
    assert read(opened(text, "label=second")) == CATS


@pytest.mark.parametrize(
    "header",
    ["cat,dog,y_cat,y_dog", "pred_cat,pred_dog,true_cat,true_dog", "p.cat,p.dog,label.dog,label.cat"],
)
def test_one_hot_labels_are_paired_by_the_names_of_classes(opened, header):
    rows = [[".25,.75", "01"], [".5,.5", "10"]]
    if header.endswith("cat"):
        rows = [[cells, marks[::-1]] for cells, marks in rows]
    text = header + "\n" + "".join(f"{cells},{marks[0]},{marks[1]}\n" for cells, marks in rows)
    found = opened(text)
    assert read(found) == CATS
    assert any(note.startswith("labels are one-hot, in ") for note in found.notes)


def test_a_row_without_a_mark_has_no_label_and_one_with_two_is_refused(opened):
    rows = ".25,.75,0,1\n" * 30
    assert read(opened("cat,dog,y_cat,y_dog\n.5,.5,0,0\n" + rows))[2] == [-1, *[1] * 30]
    with pytest.raises(FileRefusal, match=r"line 32, column 'y_cat' and on: no one-hot label"):
        opened("cat,dog,y_cat,y_dog\n" + rows + ".5,.5,1,1\n")


def test_percentages_are_shares_to_the_last_bit_and_said(opened):
    found = opened("cat,dog,label\n25%,75 %,dog\n50.0%,+50%,cat\n")
    assert read(found) == CATS
    assert "percentages were read as shares: 25% as 0.25" in found.notes
    for tenths in range(1001):
        assert number(f"{tenths / 10}%") == tenths / 1000
    assert number("12,5%", decimal_comma=True) == 0.125
    assert [number(text) for text in ("12,5%", "%", "1%%", "1e1%", "nan%")] == [None] * 5


def test_lines_of_comment_are_left_out_and_named(opened):
    found = opened("# made by me, today\n#\ncat,dog,label\n.25,.75,dog\n.5,.5,cat\n")
    assert read(found) == CATS
    assert "line 1, which begins with #, was left out" in found.notes
    assert read(opened("# cat,dog,label\n.25,.75,dog\n.5,.5,cat\n")) == CATS
    assert read(opened("#1,#2\n.25,.75\n.5,.5\n"))[0] == ("#1", "#2")


def test_a_comment_does_not_decide_the_delimiter(opened):
    assert read(opened("# a, b, c\ncat;dog;label\n0,25;0,75;dog\n0,5;0,5;cat\n")) == CATS


@pytest.mark.parametrize("pattern", ["P({})", "proba_{}", "probability_{}", "Prob_{}"])
def test_names_may_say_that_they_are_probabilities(opened, pattern):
    header = f"{pattern.format('cat')},{pattern.format('dog')},note,label\n"
    assert read(opened(header + ".25,.75,x,dog\n.5,.5,y,cat\n")) == CATS


def test_an_accent_may_be_written_in_two_ways(opened):
    found = opened("caf\u00e9,b,label\n.25,.75,b\n.5,.5,cafe\u0301\n")
    assert read(found) == (("caf\u00e9", "b"), *CATS[1:])


@pytest.mark.parametrize("mark", [-100, 255])
@pytest.mark.parametrize("kind", [np.int64, np.int16, float])
def test_labels_that_training_ignores_are_none_and_said(tmp_path, opened, mark, kind):
    np.savez(tmp_path / "p.npz", probs=np.full((3, 2), 0.5), labels=np.array([mark, 1, mark], kind))
    found = open_predictions(tmp_path / "p.npz")
    assert found.predictions.labels.tolist() == [-1, 1, -1]
    assert f"2 labels of {mark} read as none, as training ignores it" in found.notes
    assert read(opened(f"cat,dog,label\n.25,.75,1\n.5,.5,{mark}\n"))[2] == [1, -1]


def test_255_is_a_class_where_there_are_so_many_and_others_are_none(tmp_path):
    np.savez(tmp_path / "p.npz", probs=np.full((1, 2), 0.5), labels=np.array([254]))
    with pytest.raises(FileRefusal, match="254 is no class"):
        open_predictions(tmp_path / "p.npz")
    np.savez(tmp_path / "p.npz", probs=np.full((2, 256), 1 / 256), labels=np.array([255, 3], np.uint8))
    assert open_predictions(tmp_path / "p.npz").predictions.labels.tolist() == [255, 3]


P = np.array([[0.25, 0.75, 0.0], [0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])


def table(header: str, *columns) -> str:
    return header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in zip(*columns, strict=True))


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("fold", [1, 1, 2]),
        ("confidence", [0.75, 0.5, 0.75]),
        ("seconds", [12.5, 11.25, 13.5]),
        ("correct", [1, 0, 1]),
        ("loss", [0.25, 1.5, 0.125]),
    ],
)
def test_columns_that_are_no_class_are_left_out_by_the_sums(opened, name, cells):
    text = table(f"{name},a,b,c,label", cells * 2, *np.tile(P.T, 2), "bac" * 2)
    found = opened(text)
    assert read(found) == (("a", "b", "c"), P.tolist() * 2, [1, 0, 2] * 2)
    assert f"columns left out: '{name}'" in found.notes
    few = "".join(text.splitlines(keepends=True)[:4])
    assert read(opened(few))[0] == (name, "a", "b", "c")  # too few to believe


def test_several_such_columns_at_once(opened):
    columns = [P[:, 0], [1, 2, 3], P[:, 1], [0.5, 1.5, 0.25], P[:, 2], P.max(1)]
    text = table(
        "a,fold,b,entropy,c,confidence,label", *(np.tile(one, 2).tolist() for one in columns), "bac" * 2
    )
    assert read(opened(text)) == (("a", "b", "c"), P.tolist() * 2, [1, 0, 2] * 2)


def test_a_class_beside_which_rows_sum_to_one_comes_back(tmp_path):
    held = Predictions.of(np.tile([[1.0, 0.5, 0.5]], (30, 1)), [0, 1] * 15, ["a", "b", "c"])
    for name in ("p.csv", "p.parquet"):
        save_predictions(tmp_path / name, held)
        assert read(open_predictions(tmp_path / name)) == (
            ("a", "b", "c"),
            held.probs[0].tolist(),
            [0, 1] * 15,
        )


def test_columns_are_kept_where_sums_say_nothing(opened):
    logits = [[1.5, -0.5, 2.25], [0.5, 3.25, 1.5]]
    assert read(opened(table("a,b,label", *logits, "aba")))[0] == ("a", "b")
    assert read(opened(table("a,b,c,label", *P.T * 2, "bac")))[0] == ("a", "b", "c")
    assert read(opened(table("a,b,c,label", *P.T, "bac")))[1] == P.tolist()  # c is 0 at first, and a class


def test_a_line_that_counts_the_columns_is_a_header(opened):
    names, cells, labels = read(opened(table("0,1,2", *P.T)))
    assert (names, cells, labels) == (("0", "1", "2"), P.tolist(), [-1] * 3)
    assert read(opened(table("0,1,2,3", *P.T, [1, 0, 2])))[1:] == (P.tolist(), [1, 0, 2])
    assert read(opened("0,1\n0.25,0.75\n0.5,0.5\n"))[1] == [[0.25, 0.75], [0.5, 0.5]]
    assert read(opened("0,1\n0.25,0.75\n1,0\n"))[1] == [[0, 1], [0.25, 0.75], [1, 0]]


def test_an_index_of_pandas_may_stand_before_the_labels(opened):
    assert read(opened(table("0,1,0.25,0.75,0.0", [1, 2, 3], [0, 1, 2], *P.T)[:-1]))[2] == [1, 0, 1, 2]


@pytest.mark.parametrize(
    ("predictions", "labels"),
    [("test_probs", "y_test"), ("val_preds", "val_labels"), ("train-proba", "train_y")],
)
def test_a_file_of_labels_beside_goes_by_what_both_names_say(tmp_path, predictions, labels):
    np.save(tmp_path / f"{predictions}.npy", P)
    np.save(tmp_path / f"{labels}.npy", np.array([1, 0, 2]))
    np.save(tmp_path / "y_other.npy", np.array([0, 0, 0]))
    found = open_predictions(tmp_path / f"{predictions}.npy")
    assert found.predictions.labels.tolist() == [1, 0, 2]
    assert f"labels from {labels}.npy, beside it" in found.notes
