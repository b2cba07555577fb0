"""Arrays in .npy files: what is read, what is mapped, and which headers are believed."""

from __future__ import annotations

import io
import struct
import sys
import tracemalloc
from itertools import count

import numpy as np
import pytest

import lossacc_gui.files.npy as npy_module
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files import FileRefusal, Progress, Stopped, open_predictions
from lossacc_gui.files.disk import open_file
from lossacc_gui.files.npy import read_array
from lossacc_gui.files.npy_header import Header, read_header

MATRIX = np.arange(12.0).reshape(4, 3) / 12


def npy(header: str, data: bytes = b"", version: int = 1) -> bytes:
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header.encode("latin-1") + data


def claims(descr: str = "'<f8'", fortran: str = "False", shape: str = "(4, 3)") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n"
    return npy(text, MATRIX.tobytes())


def saved(array: np.ndarray, **options: bool) -> bytes:
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8", ">f4", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_floats_are_read_in_c_order(tmp_path, dtype, order):
    given = np.array(MATRIX, dtype, order=order)
    np.save(tmp_path / "p.npy", given)
    probs = open_predictions(tmp_path / "p.npy").predictions.probs
    np.testing.assert_array_equal(probs[0], given)
    assert probs.dtype == given.dtype.newbyteorder("=")
    assert probs.flags.c_contiguous
    assert probs.flags.writeable


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_the_format(tmp_path, version):
    with (tmp_path / "p.npy").open("wb") as file:
        np.lib.format.write_array(file, MATRIX, version)
    np.testing.assert_array_equal(open_predictions(tmp_path / "p.npy").predictions.probs[0], MATRIX)


def test_stacks_scores_and_whole_numbers(tmp_path):
    for name, array, shape, note in (
        ("stack", np.ones((2, 4, 3), np.float32), (2, 4, 3), ""),
        ("scores", MATRIX[:, 0], (1, 4, 2), "one column was read as two classes"),
        ("counts", np.ones((4, 3), np.uint16), (1, 4, 3), "uint16 numbers were read as float64"),
    ):
        np.save(tmp_path / f"{name}.npy", array)
        opened = open_predictions(tmp_path / f"{name}.npy")
        assert opened.predictions.probs.shape == shape
        assert any(said.startswith(note) for said in opened.notes)
        assert opened.notes == opened.predictions.notes


def test_large_files_are_mapped_and_never_written(tmp_path):
    path = tmp_path / "p.npy"
    np.save(path, MATRIX)
    before = path.read_bytes()
    assert not open_predictions(path, memory=4 * MATRIX.nbytes).source.mapped
    opened = open_predictions(path, memory=4 * MATRIX.nbytes - 1)
    assert opened.source.mapped
    assert any("stay in the file" in note for note in opened.notes)
    np.testing.assert_array_equal(opened.predictions.probs[0], MATRIX)
    opened.predictions.probs[0, 0, 0] = 9
    assert path.read_bytes() == before
    assert open_predictions(path, memory=0).predictions.probs[0, 0, 0] == 0


@pytest.mark.skipif(sys.platform != "linux", reason="needs sparse files and /proc")
def test_a_file_larger_than_the_memory_is_mapped_at_once(tmp_path):
    path = tmp_path / "p.npy"
    rows = 10**12
    path.write_bytes(npy(f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, 2)}}".ljust(118)))
    try:
        with path.open("r+b") as file:
            file.truncate(128 + rows * 8)
    except OSError:
        pytest.skip("needs a disk that holds sparse files of 8 TB")
    from lossacc_gui.files.choices import Choices
    from lossacc_gui.files.npy import NPY  # without labels, which 10**12 rows have no room for

    loaded = NPY.read(path, Progress(), 1 << 30, Choices())
    loaded.probs[5, 1] = 0.5
    assert loaded.mapped
    assert loaded.probs[5:6].tolist() == [[0, 0.5]]


@pytest.mark.parametrize(
    "array",
    [
        np.asfortranarray(MATRIX),
        MATRIX.astype(">f8"),
        MATRIX[:, 0].copy(),
        MATRIX[:, :1].copy(),
        np.ones((4, 3), np.int64),
    ],
)
def test_what_cannot_be_mapped_as_it_is_says_how_to_save_it(tmp_path, array):
    np.save(tmp_path / "p.npy", array)
    with pytest.raises(FileRefusal, match=r"too much to convert in memory: .*np\.ascontiguousarray"):
        open_predictions(tmp_path / "p.npy", memory=100)


def test_numbers_at_an_odd_byte_are_read_but_not_mapped(tmp_path):
    text = "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 3)}"
    (tmp_path / "p.npy").write_bytes(npy(text.ljust(len(text) // 8 * 8 + 7), MATRIX.tobytes()))
    np.testing.assert_array_equal(open_predictions(tmp_path / "p.npy").predictions.probs[0], MATRIX)
    with pytest.raises(FileRefusal, match="too much to convert in memory"):
        open_predictions(tmp_path / "p.npy", memory=0)


def test_labels_too_large_for_the_memory_are_refused(tmp_path):
    from lossacc_gui.files.labels import read_labels

    np.save(tmp_path / "y.npy", np.arange(4))
    (tmp_path / "y.csv").write_text("0\n" * 10)
    for name in ("y.npy", "y.csv"):
        with pytest.raises(FileRefusal, match=r"memory: save .*\.npy"):
            read_labels(tmp_path / name, Progress(), 100)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b"\x93NUM", "the file ends inside it: .*truncated"),
        (b"not an array at all", "not an array in NumPy's format"),
        (b"PK\3\4 and so on", r"a zip archive, not a \.npy array: rename it to \.npz"),
        (b"\x80\4\x95 pickle", "a pickle, which could run any program.*allow_pickle=True"),
        (npy("{}", version=9), "version 9 of the format is unknown"),
        (npy("")[:9], "the file ends inside it"),
        (npy("x" * 60_000), "it claims to be 60,000 bytes long"),
        (npy("x" * 5000)[:300], "the file ends inside it"),
        (npy("{'descr': '<f8'"), "it cannot be understood"),
        (npy("__import__('os').getcwd()"), "it cannot be understood"),
        (npy("(" * 9000), "it cannot be understood"),
        (npy("-" * 9000 + "1"), "it cannot be understood"),
        (npy("[]"), "it cannot be understood"),
        (npy("{'descr': '<f8'}"), "it cannot be understood"),
        (claims(fortran="1"), "it cannot be understood"),
        (claims(shape="[4, 3]"), "it cannot be understood"),
        (claims(shape="(4, -3)"), r"the shape \(4, -3\) is impossible"),
        (claims(shape="(True, 3)"), "is impossible"),
        (claims(shape=f"({10**30}, 3)"), "is impossible"),
        (claims(shape="(4.0, 3)"), "is impossible"),
        (claims(shape="(" + "1," * 40 + ")"), "is impossible"),
        (claims(shape="()"), "0 axes"),
        (claims(shape="(1, 1, 1, 4, 3)"), r"5 axes, shape \(1, 1, 1, 4, 3\)"),
        (claims(shape="(0, 3)"), r"it is empty, shape \(0, 3\)"),
        (claims(shape=f"({2**61}, 0, 3)"), "it is empty"),
        (claims(shape="(1, 2000000)"), r"2,000,000 classes.*array\.T"),
        (claims(shape="(10, 3)"), "it should hold 240 bytes and holds 96: .*truncated"),
        (claims(shape=f"({10**12}, 3)"), "it should hold 24,000,000,000,000 bytes and holds 96"),
        (claims(shape=f"({2**61}, {2**61}, 999)"), "it should hold more than"),
        (
            claims(descr="'|O'"),
            r"pickled objects.*np\.save\('pred_probs\.npy', np\.load\(FILE, allow_pickle=True",
        ),
        (claims(descr="[('a', '<f8')]"), "a table of named fields"),
        (claims(descr="'f4,f4'"), "is unknown"),
        (claims(descr="'<c16'"), "<c16 is no number format"),
        (claims(descr="'<M8[s]'"), "is no number format"),
        (claims(descr="'<f16'"), "no number format for predictions: save it as float32 or float64"),
        (claims(descr="'<f3'"), "'<f3'.* is unknown"),
        (claims(descr="7"), "is unknown"),
        (claims(descr="'|S0'"), "empty texts"),
        (claims(descr="'<U2'"), "no number format for predictions"),
        (saved(np.array(["a", "b"])), "no number format for predictions"),
        (saved(np.array([0, 1, 2])), "looks like labels"),
        (saved(np.array([{}, 1]), allow_pickle=True), "pickled objects"),
        (saved(np.ones((4, 1))[:, :0]), "it is empty"),
    ],
)
def test_wrong_files_are_refused_in_one_sentence(tmp_path, data, message):
    path = tmp_path / "p.npy"
    path.write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(FileRefusal, match=message) as refused:
            open_predictions(path)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    said = str(refused.value)
    assert said.startswith(f"{path}: ")
    assert said.isprintable()
    assert len(said) < len(str(path)) + 300
    assert refused.value.remedy
    assert refused.value.where


def test_bytes_after_the_array_are_mentioned(tmp_path):
    (tmp_path / "p.npy").write_bytes(saved(MATRIX) + b"more")
    assert "4 bytes after the array were left out" in open_predictions(tmp_path / "p.npy").notes


def test_a_file_that_shrinks_while_it_is_read_is_truncated(tmp_path):
    path = tmp_path / "p.npy"
    np.save(path, np.ones((3 << 20, 2), np.float32))

    def cut(fraction: float, what: str) -> None:
        if 0 < fraction < 1:
            with path.open("r+b") as file:
                file.truncate(1000)

    with pytest.raises(FileRefusal, match="truncated"):
        open_predictions(path, progress=Progress(report=cut))


BLOCK = 1_000


@pytest.fixture
def many(tmp_path):
    """A file of more blocks of 1,000 bytes than are worth reading in turn, at the first number."""
    path = tmp_path / "many.npy"
    np.save(path, np.random.default_rng(1).random((999, 3)))
    with open_file(path) as file:
        read_header(file)
        yield file


@pytest.mark.parametrize("shared", [True, False])
def test_two_workers_read_what_one_reads(many, monkeypatch, shared):
    monkeypatch.setattr(npy_module, "SHARED", shared and npy_module.SHARED)
    header, seen = read_again(many), []
    progress = Progress(lambda fraction, what: seen.append(fraction))
    np.testing.assert_array_equal(
        read_array(many, header, progress, "many", BLOCK), np.random.default_rng(1).random((999, 3))
    )
    assert many.tell() == header.start + header.nbytes  # what follows may be read next
    assert seen == sorted(seen)
    assert (seen[0], seen[-1], len(seen)) == (0, 1, 25)


def test_two_workers_stop_and_notice_the_end_of_a_file(many):
    header, asked = read_again(many), count()
    with pytest.raises(Stopped):
        read_array(many, header, Progress(stop=lambda: next(asked) > 2), "many", BLOCK)
    many.seek(header.start + 1)
    with pytest.raises(Refusal, match="truncated"):
        read_array(many, header, Progress(), "many", BLOCK)


def read_again(file) -> Header:
    file.seek(0)
    return read_header(file)


def test_progress_rises_to_one_and_stop_stops(tmp_path):
    np.save(tmp_path / "p.npy", np.ones((3 << 20, 2), np.float32))
    seen: list[float] = []
    open_predictions(tmp_path / "p.npy", progress=Progress(lambda fraction, what: seen.append(fraction)))
    assert len(seen) > 3
    assert seen == sorted(seen)
    assert seen[-1] == 1
    with pytest.raises(Stopped):
        open_predictions(tmp_path / "p.npy", progress=Progress(stop=lambda: True))


P = np.array([[0.25, 0.5, 0.25], [0.125, 0.125, 0.75], [0.5, 0.25, 0.25]])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("times", [1, 50])
def test_labels_may_be_one_more_column(tmp_path, dtype, times):
    labels = np.tile([1, 2, 0], times)
    np.save(tmp_path / "p.npy", np.column_stack([np.tile(P, (times, 1)), labels]).astype(dtype))
    found = open_predictions(tmp_path / "p.npy")
    assert found.predictions.probs.shape == (1, 3 * times, 3)
    assert found.predictions.probs.flags.c_contiguous
    assert found.predictions.labels.tolist() == labels.tolist()
    assert "labels from the last column" in found.notes


@pytest.mark.parametrize(
    "last",
    [[0, 0, 0], [1, 4, 0], [1, 0.5, 0], [1, np.nan, 0]],
    ids=["a class", "too large", "no index", "nan"],
)
def test_a_last_column_that_may_be_a_class_is_one(tmp_path, last):
    np.save(tmp_path / "p.npy", np.column_stack([P, last]))
    assert open_predictions(tmp_path / "p.npy").predictions.classes == 4


def test_a_row_far_down_decides_as_well(tmp_path):
    cells = np.column_stack([np.tile(P, (50, 1)), np.tile([1, 2, 0], 50)])
    cells[140, 3] = 0.5
    np.save(tmp_path / "p.npy", cells)
    assert open_predictions(tmp_path / "p.npy").predictions.classes == 4
