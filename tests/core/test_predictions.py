"""What is taken for predictions and labels, and what is refused: where, what, and what to do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.predictions import MISSING, Predictions
from lossacc_gui.core.refusal import Refusal
from tests.core.strategies import DTYPES

TWO = [[0.2, 0.8], [0.7, 0.3]]
THREE = [[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.6, 0.3, 0.1]]


# --- cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", DTYPES)
def test_floats_in_c_order_are_kept_and_not_copied(dtype):
    for shape in ((3, 4), (2, 3, 4)):
        cells = np.ones(shape, dtype)
        held = Predictions.of(cells)
        assert held.probs.dtype == dtype
        assert np.shares_memory(held.probs, cells)
        assert held.notes == ()


@pytest.mark.parametrize("dtype", DTYPES)
def test_any_other_layout_becomes_c_order(dtype):
    cells = np.arange(24).reshape(4, 6).astype(dtype)
    for layout in (np.asfortranarray(cells), cells[:, ::2], cells[::-1], cells.T, cells[1:3, 1:4]):
        held = Predictions.of(layout)
        assert held.probs.flags.c_contiguous
        assert held.probs.dtype == dtype
        np.testing.assert_array_equal(held.probs[0], layout)


def test_cells_can_always_be_written_to():
    cells = np.array(TWO)
    cells.flags.writeable = False
    held = Predictions.of(cells)
    held.probs[0, 0, 0] = 0.5
    assert cells[0, 0] == 0.2
    assert Predictions.of(np.broadcast_to(np.float32(0.5), (4, 2))).probs.flags.writeable


@pytest.mark.parametrize("dtype", [">f2", ">f4", ">f8"])
def test_foreign_byte_order_becomes_our_own(dtype):
    held = Predictions.of(np.array(THREE, dtype))
    assert held.probs.dtype.isnative
    assert held.probs.dtype.itemsize == np.dtype(dtype).itemsize
    np.testing.assert_array_equal(held.probs[0], np.array(THREE, dtype))


@pytest.mark.parametrize(("cells", "name"), [([[0, 1], [1, 0]], "int64"), ([[False, True]], "bool")])
def test_whole_numbers_become_float64_and_it_is_said(cells, name):
    held = Predictions.of(np.array(cells))
    assert held.probs.dtype == np.float64
    assert held.notes == (f"{name} numbers were read as float64",)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_one_column_becomes_two_classes_and_it_is_said(shape, dtype):
    held = Predictions.of(np.array([0.25, 1.0, 0.0], dtype).reshape(shape), [1, 1, 0])
    assert held.probs.tolist() == [[[0.75, 0.25], [0.0, 1.0], [1.0, 0.0]]]
    assert held.probs.dtype == dtype
    assert (held.epochs, held.rows, held.classes) == (1, 3, 2)
    assert held.notes[0].startswith("one column was read as two classes")


def test_three_axes_are_epochs_rows_and_classes():
    held = Predictions.of(np.zeros((4, 3, 2)))
    assert (held.epochs, held.rows, held.classes) == (4, 3, 2)


def test_a_list_of_lists_will_do():
    assert Predictions.of(TWO).probs.tolist() == [TWO]


def test_what_people_type_is_admitted():
    held = Predictions.of([[np.nan, np.inf], [-1.0, 7.0]])
    np.testing.assert_array_equal(held.probs[0], [[np.nan, np.inf], [-1, 7]])


@pytest.mark.parametrize(
    ("cells", "where", "what"),
    [
        ([[0.5, 0.5], [0.5]], "row 2", "1 number, but 2 in row 1"),
        ([[0.5, 0.5], 0.5], "row 2", "1 number, but 2 in row 1"),
        ([[[0.5, 0.5], [0.5]], [[0.5, 0.5], [0.5, 0.1]]], "predictions", "the rows differ in length"),
        ([["0.5", "half"]], "row 1, column 1", "'0.5' is no number"),
        ([[0.5, 0.5], [0.5, None]], "row 2, column 2", "None is no number"),
        ([[[0.5, 0.5], [None, 0.5]]], "row 2, column 1", "None is no number"),
        ([0.5, None], "row 2, column 1", "None is no number"),
        (np.array([[0.5, 0.5]], object), "predictions", "numbers kept as Python objects"),
        (np.array([[0.5, 0.5j]]), "predictions", "complex128 is no number format"),
        (
            np.array([[0.5, 0.5]], np.longdouble),
            "predictions",
            f"{np.dtype(np.longdouble)} is wider than float64",
        ),
        (0.5, "predictions", "0 axes, shape ()"),
        (np.zeros((1, 1, 1, 2)), "predictions", "4 axes, shape (1, 1, 1, 2)"),
        (np.zeros((0, 3, 2)), "predictions", "no epoch"),
        (np.zeros((2, 0, 2)), "predictions", "no row"),
        (np.zeros((0, 3)), "predictions", "no row"),
        ([], "predictions", "no row"),
        (np.zeros((1, 3, 1)), "predictions", "1 class"),
        (np.zeros((3, 0)), "predictions", "0 classes"),
    ],
)
def test_cells_refused(cells, where, what):
    refused(where, what, cells, None)


def refused(where, what, cells, labels, names=None, remedy=None):
    with pytest.raises(Refusal) as caught:
        Predictions.of(cells, labels, names)
    assert (caught.value.where, caught.value.what) == (where, what)
    assert caught.value.remedy
    if remedy is not None:
        assert caught.value.remedy == remedy
    assert str(caught.value) == f"{where}: {what}: {caught.value.remedy}"


# --- labels ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "labels",
    [
        [2, -1, 0],
        (2, -1, 0),
        np.array([2, -1, 0], np.int8),
        np.array([2, -1, 0], ">i4"),
        np.array([[2], [-1], [0]]),
        np.array([2.0, -1.0, 0.0], np.float16),
        [2.0, np.nan, 0.0],
        ["2", "", "0"],
        ["2", "-1", "0"],
        [" 2 ", "NaN", "0.0"],
        [2, None, 0],
        np.array([2, None, 0], object),
        np.array([2.0, np.nan, 0], object),
        np.array([b"2", b"", b"0"]),
        [[0, 0, 1], [0, 0, 0], [1, 0, 0]],
        np.array([[0, 0, 1], [0, 0, 0], [1, 0, 0]], bool),
        np.array([[0, 0, 1], [0, 0, 0], [1, 0, 0]], np.float32),
    ],
    ids=repr,
)
def test_the_same_labels_in_all_their_writings(labels):
    held = Predictions.of(THREE, labels)
    assert held.labels.tolist() == [2, -1, 0]
    assert held.labels.dtype == np.int32
    assert held.class_names == ("0", "1", "2")


def test_unsigned_and_bool_labels():
    assert Predictions.of(TWO, np.array([1, 0], np.uint16)).labels.tolist() == [1, 0]
    assert Predictions.of(TWO, np.array([1, 0], np.uint64)).labels.tolist() == [1, 0]
    assert Predictions.of(TWO, np.array([True, False])).labels.tolist() == [1, 0]


@pytest.mark.parametrize("text", [*MISSING, " NA ", "None", "N/A", "NULL"])
@pytest.mark.parametrize("names", [None, ["dog", "cat"]])
def test_a_missing_label_in_all_its_writings(text, names):
    held = Predictions.of([*TWO, TWO[0]], ["cat", "dog", text], names)
    code = {name: i for i, name in enumerate(held.class_names)}
    assert held.labels.tolist() == [code["cat"], code["dog"], -1]


def test_no_labels_at_all():
    assert Predictions.of(TWO).labels.tolist() == [-1, -1]
    assert Predictions.of(TWO, ["", ""]).labels.tolist() == [-1, -1]
    assert Predictions.of(TWO, [np.nan, np.nan]).labels.tolist() == [-1, -1]


def test_labels_are_copied():
    labels = np.array([0, 1], np.int32)
    Predictions.of(TWO, labels).labels[0] = 1
    assert labels[0] == 0


def test_texts_are_sorted_as_scikit_learn_sorts_them():
    preprocessing = pytest.importorskip("sklearn.preprocessing", reason="needs scikit-learn")
    texts = ["ä", "b", "B", "a10", "a2", "_"]
    held = Predictions.of(np.eye(6), texts)
    encoder = preprocessing.LabelEncoder().fit(texts)
    assert held.class_names == tuple(encoder.classes_)
    assert held.labels.tolist() == encoder.transform(texts).tolist()


def test_given_names_decide_the_order():
    held = Predictions.of(TWO, ["cat", "dog"], ["dog", "cat"])
    assert held.labels.tolist() == [1, 0]
    assert held.class_names == ("dog", "cat")


def test_names_are_known_without_the_blanks_around_them():
    held = Predictions.of(TWO, [" cat", "dog "], ["dog ", " cat"])
    assert held.labels.tolist() == [1, 0]
    assert held.class_names == ("dog", "cat")


def test_names_that_are_numbers_are_names_first():
    assert Predictions.of(TWO, ["0", "1"], ["1", "0"]).labels.tolist() == [1, 0]
    assert Predictions.of(TWO, [0, 1], ["1", "0"]).labels.tolist() == [0, 1]
    assert Predictions.of(TWO, ["0", "1"], ["x", "y"]).labels.tolist() == [0, 1]


def test_a_class_may_be_called_none_if_it_is_named():
    assert Predictions.of(TWO, ["none", "some"], ["some", "none"]).labels.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("labels", "where", "what"),
    [
        ([0, 1, 0], "labels", "3 labels for 2 rows"),
        ([0], "labels", "1 label for 2 rows"),
        (0, "labels", "shape ()"),
        (np.zeros((2, 2, 2)), "labels", "shape (2, 2, 2)"),
        ([[0], [0, 1]], "labels", "they differ in length"),
        ([0, 2], "row 2, label", "2 is no class"),
        ([-2, 0], "row 1, label", "-2 is no class"),
        ([0, 65535], "row 2, label", "65535 is no class"),
        ([0, 0.5], "row 2, label", "0.5 is not a whole number"),
        ([0.0, 2.0], "row 2, label", "2.0 is no class"),
        ([0, np.inf], "row 2, label", "inf is no class"),
        (["0", "2"], "row 2, label", "2 is no class"),
        (["0", "1e30"], "row 2, label", "1e30 is no class"),
        (np.array([0, 1j]), "labels", "complex128 is no label"),
        (["a", "a"], "labels", "1 different name for 2 classes"),
        ([[1, 0, 0], [0, 1, 0]], "labels", "one-hot with 3 columns for 2 classes"),
        ([[1, 0], [0, 0.5]], "row 2, column 2, label", "0.5 in a one-hot matrix"),
        ([[1, 0], [0, np.nan]], "row 2, column 2, label", "nan in a one-hot matrix"),
        ([[1, 0], [1, 1]], "row 2, label", "2 ones in a one-hot row"),
        ([["1", "0"], ["0", "1"]], "labels", "a one-hot matrix of <U1"),
    ],
    ids=repr,
)
def test_labels_refused(labels, where, what):
    refused(where, what, TWO, labels)


def test_an_unknown_name_is_refused_and_some_known_ones_listed():
    refused(
        "row 2, label",
        "'cow' is none of the 2 classes",
        TWO,
        ["cat", "cow"],
        ["cat", "dog"],
        "use one of cat, dog",
    )
    names = list("abcdefg")
    refused(
        "row 1, label",
        "'x' is none of the 7 classes",
        np.eye(7),
        [*"xbcdefg"],
        names,
        "use one of a, b, c, d, e, ...",
    )


@pytest.mark.parametrize(
    ("names", "where", "what"),
    [
        (["a"], "class names", "1 name for 2 classes"),
        (["a", "b", "c"], "class names", "3 names for 2 classes"),
        (["a", " "], "class 2", "the name is empty"),
        (["a", "a "], "class 2", "the name 'a' is taken"),
    ],
)
def test_names_refused(names, where, what):
    refused(where, what, TWO, [0, 1], names)


@given(
    st.lists(
        st.one_of(st.none(), st.integers(-3, 4), st.floats(), st.text(max_size=3)), min_size=2, max_size=2
    )
)
def test_labels_are_codes_or_refused(labels):
    try:
        codes = Predictions.of(TWO, labels).labels.tolist()
    except Refusal:
        return
    assert set(codes) <= {-1, 0, 1}


def test_sample_weights_are_one_number_a_row():
    rows = [[0.5, 0.5], [0.2, 0.8]]
    for weights in ([1, 0], np.array([[1.0], [0.0]]), ["1", "0"]):
        held = Predictions.of(rows, [0, 1], weights=weights)
        assert held.weights is not None
        assert held.weights.tolist() == [1.0, 0.0]
    assert Predictions.of(rows, [0, 1]).weights is None


@pytest.mark.parametrize(
    ("weights", "where"),
    [
        ([1, -0.5], "row 2, weight"),
        ([np.nan, 1], "row 1, weight"),
        ([1, np.inf], "row 2, weight"),
        ([1, 1e101], "row 2, weight"),
        ([1e-101, 1], "row 1, weight"),
        ([1, 2, 3], "weights"),
        (["a", "b"], "weights"),
    ],
)
def test_weights_that_weigh_nothing_sensible_are_refused(weights, where):
    with pytest.raises(Refusal) as caught:
        Predictions.of([[0.5, 0.5], [0.2, 0.8]], [0, 1], weights=weights)
    assert caught.value.where == where
    assert caught.value.remedy
