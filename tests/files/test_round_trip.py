"""What is saved is opened again: the law over every format that can be written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lossacc_gui.core.predictions import NO_LABEL, Predictions
from lossacc_gui.files import FORMATS, FileRefusal, open_predictions, pieces, save_predictions
from tests.thorough import examples

WRITABLE = [suffix for known in FORMATS if known.write for suffix in known.suffixes]

# Names that look like something else in a header, in a label column, or to a reader of delimiters.
TRICKY = (
    *("label", "labels", "y", "class", "id", "index", "prediction", "pred", "prob_a", "class_1"),
    *(
        "confidence.a",
        "weight",
        "sample_weight",
        "0",
        "1",
        "2",
        "-1",
        "nan",
        "none",
        "?",
        "1e5",
        "0,5",
        "a,b",
        "a;b",
        "a\tb",
    ),
    *('say "a"', '"', "'", "a\nb", "a\r\nb", "a\rb", "é", "\ufeffa", "𝒳", "#", "# a", "_", "prob_"),
    *("unnamed: 0", "a\x0bb", "a\u2028b", "=1+1", "1_0"),
)
NAME = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=6),
).map(str.strip)
NAMES = st.lists(NAME.filter(bool), min_size=2, max_size=5, unique=True)
FLOATS = {np.float16: 16, np.float32: 32, np.float64: 64}


@st.composite
def predictions(draw: st.DrawFn, epochs: int = 1) -> Predictions:
    dtype = draw(st.sampled_from(list(FLOATS)))
    names = draw(NAMES)
    rows = draw(st.integers(1, 4))
    cell = st.one_of(st.floats(width=FLOATS[dtype]), st.floats(0, 1, width=FLOATS[dtype]))  # type: ignore[arg-type]
    size = epochs * rows * len(names)
    cells = np.array(draw(st.lists(cell, min_size=size, max_size=size)), dtype)
    labels = draw(st.lists(st.integers(NO_LABEL, len(names) - 1), min_size=rows, max_size=rows))
    weight = st.just(0.0) | st.floats(1e-100, 1e100)
    weights = draw(st.none() | st.lists(weight, min_size=rows, max_size=rows))
    return Predictions.of(cells.reshape(epochs, rows, len(names)), labels, names, weights)


@pytest.fixture(scope="module", autouse=True)
def untried():
    """What was just saved is sound: a process of its own for each of thousands of files would teach nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "try_first", _nothing)
        yield


def _nothing(*_asked, **_more):
    """Try nothing."""


def there_and_back(suffix: str, given: Predictions) -> Predictions:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"p{suffix}"
        save_predictions(path, given)
        return open_predictions(path).predictions


def _bits(weights):
    return None if weights is None else weights.tobytes()


@pytest.mark.parametrize("suffix", WRITABLE)
@examples(150)
@given(given_=predictions())
@example(given_=Predictions.of([[0.5, 0.5], [1.0, 0.0]], [0, 0], ["a;b", "c"]))
@example(given_=Predictions.of([[0.5, 0.5], [1.0, 0.0]], [1, -1], ["a", "label"]))
@example(given_=Predictions.of([[0.5, 0.5], [1.0, 0.0]], [-1, -1], ["nan", "0"]))
@example(given_=Predictions.of([[0.1, 0.9, 0.0]], [0], ["2", "1", "0"]))
@example(given_=Predictions.of([[0.5, 0.5]], [0], ["\ufeffa", "b"]))
@example(given_=Predictions.of([[0.5, 0.5]], [0], ["a\r\nb", "a\rb"]))
@example(given_=Predictions.of([[0.5, 0.5]], [0], ["a\tb", 'c"']))
def test_numbers_labels_and_names_come_back(suffix, given_):
    back = there_and_back(suffix, given_)
    np.testing.assert_array_equal(back.probs, given_.probs.astype(np.float64), strict=False)
    np.testing.assert_array_equal(back.labels, given_.labels)
    assert back.class_names == given_.class_names
    assert _bits(back.weights) == _bits(given_.weights)


@examples(60)
@given(given_=st.integers(1, 3).flatmap(predictions))
def test_an_archive_keeps_every_bit_and_every_epoch(given_):
    back = there_and_back(".npz", given_)
    assert back.probs.dtype == given_.probs.dtype
    assert back.probs.tobytes() == given_.probs.tobytes()


def test_signed_zero_and_infinities_survive_as_text():
    given_ = Predictions.of([[-0.0, np.inf], [-np.inf, np.nan]])
    back = there_and_back(".csv", given_)
    assert back.probs.tobytes() == given_.probs.tobytes()


def test_an_archive_is_plain_numpy(tmp_path):
    save_predictions(tmp_path / "p.npz", Predictions.of([[0.5, 0.5]], [-1], ["ü", "b"]))
    with np.load(tmp_path / "p.npz", allow_pickle=False) as arrays:
        assert sorted(arrays) == ["class_names", "labels", "pred_probs"]
        assert arrays["pred_probs"].shape == (1, 2)
        assert arrays["labels"].dtype == np.int32
        assert arrays["labels"].tolist() == [-1]
        assert arrays["class_names"].tolist() == ["ü", "b"]


def test_a_table_is_a_header_and_exact_numbers(tmp_path):
    probs = np.array([[0.1, 0.9], [0.5, 0.5]], np.float32)
    save_predictions(tmp_path / "p.csv", Predictions.of(probs, [1, -1], ["cat", "a,b"]))
    lines = (tmp_path / "p.csv").read_text("utf-8").splitlines()
    assert lines[0] == 'cat,"a,b",label'
    assert lines[1] == f'{float(probs[0, 0])!r},{float(probs[0, 1])!r},"a,b"'
    assert lines[2] == "0.5,0.5,"


def test_equal_predictions_give_equal_bytes(tmp_path):
    given_ = Predictions.of([[0.5, 0.5]], [0])
    for name in "ab":
        save_predictions(tmp_path / f"{name}.npz", given_)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("stem", ["mnist", "20news"])
@pytest.mark.parametrize("suffix", WRITABLE)
def test_real_predictions_come_back(shared_data, tmp_path, stem, suffix):
    opened = open_predictions(shared_data / f"{stem}_pred_probs.npy")
    source = save_predictions(tmp_path / f"p{suffix}", opened.predictions)
    back = open_predictions(source.path)
    np.testing.assert_array_equal(back.predictions.probs, opened.predictions.probs)
    np.testing.assert_array_equal(back.predictions.labels, opened.predictions.labels)
    assert back.source == source
    assert (source.name, source.mapped) == (f"p{suffix}", False)


def test_several_epochs_are_no_table(tmp_path):
    with pytest.raises(FileRefusal, match=r"2 epochs, and a table holds one: save as \.npz"):
        save_predictions(tmp_path / "p.csv", Predictions.of(np.ones((2, 1, 2))))
    assert not list(tmp_path.iterdir())


def test_a_name_no_file_can_hold_is_refused(tmp_path):
    for suffix in WRITABLE:
        with pytest.raises(FileRefusal, match="class names: "):
            save_predictions(tmp_path / f"p{suffix}", Predictions.of([[0.5, 0.5]], None, ["a\0", "b"]))
    with pytest.raises(FileRefusal, match="class names: "):
        save_predictions(tmp_path / "p.csv", Predictions.of([[0.5, 0.5]], None, ["\ud800", "b"]))
    assert not list(tmp_path.iterdir())
