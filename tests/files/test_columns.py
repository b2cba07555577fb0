"""Tables whose columns could be taken for something else: each is read rightly, or refused."""

from __future__ import annotations

import pytest

from lossacc_gui.files import FileRefusal, open_predictions

ROWS = [[0.1, 0.9], [0.8, 0.2]]


def opened(tmp_path, text: str):
    (tmp_path / "p.csv").write_text(text)
    return open_predictions(tmp_path / "p.csv")


@pytest.mark.parametrize(
    ("text", "names", "labels"),
    [
        ("prob_cat,label\n.9,cat\n.2,dog\n", ("dog", "cat"), [1, 0]),
        ("prob_dog,label\n.9,cat\n.2,dog\n", ("cat", "dog"), [0, 1]),
        ("Cat,label\n.9,cat\n.2,dog\n", ("dog", "cat"), [1, 0]),
        ("class_0,label\n.9,0\n.2,1\n", ("1", "0"), [1, 0]),
        ("class_0,label\n.9,0.0\n.2,\n", ("1", "0"), [1, -1]),
        ("class_1,label\n.9,0\n.2,1\n", ("0", "1"), [0, 1]),
        ("prob_0\n.9\n.2\n", ("1", "0"), [-1, -1]),
    ],
)
def test_a_single_score_goes_to_the_class_it_names(tmp_path, text, names, labels):
    found = opened(tmp_path, text)
    assert found.predictions.class_names == names
    assert found.predictions.labels.tolist() == labels
    assert found.predictions.probs[0, :, 1].tolist() == [0.9, 0.2]
    said = f"the number is that of class '{names[1]}', what is left to 1 that of '{names[0]}'"
    assert said in found.notes or max(labels) < 0


@pytest.mark.parametrize(
    ("text", "names", "labels"),
    [
        (".1,.9,\n.8,.2,\n", ("0", "1"), [-1, -1]),
        (".1,.9,cat,\n.8,.2,dog,\n", ("cat", "dog"), [0, 1]),
        (".1,.9,\n.8,.2,1\n", ("0", "1"), [-1, 1]),
        (".1,.9,?\n.8,.2,1\n", ("0", "1"), [-1, 1]),
        (".1,.9,y\n.8,.2,n\n", ("n", "y"), [1, 0]),
        (".1,.9,cat\n.8,.2,dog\n.8,.2,nan\n", ("cat", "dog"), [0, 1, -1]),
        ("0,1,label\n.1,.9,\n.8,.2,\n", ("0", "1"), [-1, -1]),
        (",0,1\na,.1,.9\nb,.8,.2\n", ("0", "1"), [-1, -1]),
    ],
)
def test_a_first_row_is_not_lost_to_a_header(tmp_path, text, names, labels):
    found = opened(tmp_path, text).predictions
    assert found.class_names == names
    assert found.labels.tolist() == labels
    assert found.probs[0, :2].tolist() == ROWS


def test_one_line_is_a_row(tmp_path):
    assert opened(tmp_path, ".1,.9\n").predictions.probs[0].tolist() == ROWS[:1]
    with pytest.raises(FileRefusal, match="labels: 1 different name for 2 classes: name the classes"):
        opened(tmp_path, ".1,.9,cat\n")


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("a,b,label,target\n.1,.9,1,0\n.8,.2,0,1\n", "'target'"),
        ("a,b,class,y,actual\n.1,.9,x,1,b\n.8,.2,y,0,a\n", "'actual', 'class'"),
        ("y_true,a,b,y_pred\n1,.1,.9,0\n0,.8,.2,1\n", "'y_pred'"),
        ("y_true,a,b,y_hat,predictions\n1,.1,.9,b,1\n0,.8,.2,a,0\n", "'y_hat', 'predictions'"),
        ("a,b,label,note\n.1,.9,1,x\n.8,.2,0,y\n", "'note'"),
        ("a,b,label,\n.1,.9,1,\n.8,.2,0,\n", "'column 4'"),
    ],
)
def test_other_labels_and_the_argmax_are_no_classes(tmp_path, text, left_out):
    found = opened(tmp_path, text)
    assert found.predictions.class_names == ("a", "b")
    assert found.predictions.labels.tolist() == [1, 0]
    assert found.predictions.probs[0].tolist() == ROWS
    note = next(note for note in found.notes if note.startswith("columns left out"))
    assert sorted(left_out.split(", ")) == sorted(note.removeprefix("columns left out: ").split(", "))


def test_an_argmax_beside_a_score_is_left_out(tmp_path):
    found = opened(tmp_path, "y_true,y_prob,y_pred\n1,.9,1\n0,.2,0\n")
    assert found.predictions.probs[0, :, 1].tolist() == [0.9, 0.2]
    assert "columns left out: 'y_pred'" in found.notes
    alone = opened(tmp_path, "y_true,y_pred\n1,1\n0,1\n").predictions
    assert alone.probs[0, :, 1].tolist() == [1, 1]


def test_probabilities_are_no_labels(tmp_path):
    found = opened(tmp_path, "x,y\n.1,.9\n.8,.2\n").predictions
    assert (found.class_names, found.probs[0].tolist()) == (("x", "y"), ROWS)
    assert opened(tmp_path, "y,x,label\n.1,.9,x\n").predictions.class_names == ("y", "x")


@pytest.mark.parametrize(("text", "labels"), [("0.1 0.9", [-1] * 2), ("A B label\n.1 .9 B", [1, 0])])
def test_spaces_part_numbers(tmp_path, text, labels):
    more = "\n  0.8   0.2  \n" if labels[0] < 0 else "\n.8 .2 A\n"
    found = opened(tmp_path, text + more).predictions
    assert found.probs[0].tolist() == ROWS
    assert found.labels.tolist() == labels


def test_the_delimiter_that_parts_more_numbers_is_taken(tmp_path):
    found = opened(tmp_path, "0.1,0.9,a;b\n0.8,0.2,c;d\n").predictions
    assert (found.class_names, found.probs[0].tolist()) == (("a;b", "c;d"), ROWS)
    assert opened(tmp_path, "0,1;0,9\n0,8;0,2\n").predictions.probs[0].tolist() == ROWS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("i.png,.1,.9,cat\nj.png,.8,.2,dog\n", "line 1: 2 columns of text and no header: give a first line"),
        ("\n\noops,.9,cat\n.8,.2,dog\n", "line 3: texts and numbers, .*: neither a header nor a row"),
        ("score,label\n.3,.7\n", "column 'label': it holds numbers that are not whole"),
        ("score,label\n" + ".3,1\n.3,0\n" * 20 + ".3,.5\n", r"line 42, column 'label': '\.5' is not whole"),
        ("a,b,label,y\n" + ".1,.9,a,0\n" * 30 + ".1,.9,a,.5\n", r"line 32, column 'y': '\.5' is no label"),
        ("y_true,y_pred\n5,1\n0,7\n", "column 'y_pred': it holds predicted classes"),
        ("y,probs,logits\n1,.9,1.5\n", "line 1: 'probs', 'logits' may each be the predictions"),
        ("A;B\n0.25;0,5\n", "line 2: decimal commas and decimal points in one table"),
        ("A;B\n0,25;0,5\n1;0\n1.000;0\n", "line 4: decimal commas and decimal points in one table"),
        ("A,B,C,label\n.1,.9,,A\n.5,.5,,B\n", "column 'C': it is empty: write nan .*or remove the column"),
        ("0,1 0,9\n0,5 0,5\n", "line 1, column 2: '1 0' is no number"),
        ("\n\nA,B,label\n.1,.9,C\n", "line 4, label: 'C' is none of the 2 classes"),
        (
            "epoch,accuracy,loss,val_accuracy,val_loss\n0,.5,.9,.4,1\n1,.6,.8,.5,.9\n",
            "line 1: these are the metrics of a training log",
        ),
        ("epoch,accuracy\n0,.5\n1,.6\n", "line 1: these are the metrics of a training log"),
        ("0.1 0.9\n0.1 0.9 0.3\n", "line 2: 3 cells, but 2 in the first line"),
        ('A,B,label\n.1,.9,"A\n.8,.2,B\n.5,.5,A\n', "line 2: a quotation mark that is never closed"),
        ('A,B,label\n.1,.9,"A\n.8,.2,B\n.5,.5,"A"\n', "line 2: a quotation mark that is not closed"),
        ('A,B,label\n.1,.9,"A\n.8,.2,B"\n', r"line 3: a quotation mark .* holds the row '\.8,\.2,B'"),
    ],
)
def test_what_could_be_misread_is_refused(tmp_path, text, message):
    with pytest.raises(FileRefusal, match=message) as refused:
        opened(tmp_path, text)
    assert refused.value.remedy
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("names", "labels", "classes"),
    [
        ("p_neg,p_pos", ("neg", "pos"), ("neg", "pos")),
        ("model a: score neg,model a: score pos", ("pos", "neg"), ("neg", "pos")),
        ("p_neg,p_pos", ("p_neg", "p_pos"), ("p_neg", "p_pos")),
        ("north_east,north_west", ("north_east", "north_west"), ("north_east", "north_west")),
        ("neg,pos", ("neg", "pos"), ("neg", "pos")),
    ],
)
def test_what_all_columns_begin_with_is_no_part_of_a_class(tmp_path, names, labels, classes):
    found = opened(tmp_path, f"{names},label\n.1,.9,{labels[0]}\n.8,.2,{labels[1]}\n").predictions
    assert found.class_names == classes
    assert found.labels.tolist() == [classes.index(label) for label in labels]
