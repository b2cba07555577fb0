"""Tables as people really have them: what they mean is found and said, or refused in words that help."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.files import Choices, FileRefusal, open_predictions
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
