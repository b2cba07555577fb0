"""Files made to harm: each is refused in one sentence, soon, with bounded memory, whatever its kind."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import resource
import sys
import time
import zipfile

import h5py
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
import scipy.io

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.files import FORMATS, FileRefusal, open_labels, open_predictions
from lossacc_gui.files.lines import LONGEST

SUFFIXES = [suffix for known in FORMATS for suffix in known.suffixes]
MEMORY = 1 << 26
"""What the reader is told there is: a bomb for 64 MiB need not be made larger than this machine can make."""

HUGE = 10**12
ZEROS = 8_000_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux, which counts memory")


def refused(path, door=open_predictions, **given):
    """The sentence a file is refused with, after less than two seconds of computing and little memory."""
    peak, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(FileRefusal) as reason:
        door(path, **given)
    assert time.process_time() - start < 2
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1024 < 2 * MEMORY + (32 << 20)
    said = str(reason.value)
    assert said.startswith(f"{path}: ")
    assert said.isprintable()
    assert len(said) < len(str(path)) + 700
    return said


def small(path):
    return refused(path, memory=MEMORY)


# --- what is no file, for every kind ---------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_pipes_devices_and_folders_are_not_waited_for(tmp_path, suffix):
    pipe, device = tmp_path / f"p{suffix}", tmp_path / f"d{suffix}"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    labels = Predictions.of([[0.5, 0.5]])
    for path, kind in ((pipe, "a pipe"), (device, "a device")):
        assert kind in refused(path)
        assert kind in refused(path, lambda path: open_labels(path, labels))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("data", [b"", b"\0", b"PK\3\4", b"\x1f\x8b"])
def test_files_of_a_few_bytes(tmp_path, suffix, data):
    path = tmp_path / f"p{suffix}"
    path.write_bytes(data)
    refused(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_sparse_file_of_a_terabyte(tmp_path, suffix):
    path = tmp_path / f"p{suffix}"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    small(path)


# --- text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".txt", ".jsonl"])
def test_a_line_of_a_gigabyte_is_not_read(tmp_path, suffix):
    path = tmp_path / f"p{suffix}"
    with path.open("wb") as file:
        start = b"[" if suffix == ".jsonl" else b""
        file.write(start + b"0.5," * (LONGEST // 2))
        file.truncate(1 << 30)
    refused(path)


@pytest.mark.parametrize("suffix", [".csv.gz", ".txt.gz", ".json.gz", ".jsonl.gz"])
@pytest.mark.parametrize(
    "filling", [b"0.5," * 250_000, b"\0" * 1_000_000, b" " * 1_000_000, b"[" * 1_000_000]
)
def test_a_packed_bomb_is_not_unpacked(tmp_path, suffix, filling):
    path = tmp_path / f"p{suffix}"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(80):
            file.write(filling)
    small(path)


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_nesting_without_end(tmp_path, suffix, opening):
    path = tmp_path / f"p{suffix}"
    path.write_text(opening * 300_000)
    refused(path)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("p.csv", b"a,b,label\n.5,.5,a\n.5,a\n", "2 cells, but 3"),
        ("p.csv", b"a,b,label\n.5,.5\0,a\n", "NUL byte"),
        ("p.jsonl", b'{"a": 0.5}\n{"a": 0.5\0}\n', "NUL byte"),
        ("p.json", b"[[0.5, 0.5], [0.5]]", "1 number, but 2 in the first"),
        ("p.json", b'{"pred_probs": [[0.5, 0.5], [0.5]], "labels": [0, 1]}', "1 number, but 2 in the first"),
        ("p.jsonl", b"[0.5, 0.5]\n[0.5]\n", "1 number, but 2 in the first"),
        ("p.json", b'[[0.5, "\xe9"]]', "not UTF-8"),
        ("p.json", b"[[1" + b"0" * 5000 + b", 0]]", ""),
        ("p.csv", "a,b\n.5,.5\n".encode("utf-16")[:-1], "UTF-16"),
        ("p.csv", ".5,.5,.5\n.5,.25,.25\n.5,x,.5\n".encode("utf-16"), "is no number"),
    ],
)
def test_text_that_is_ragged_or_of_the_wrong_encoding(tmp_path, name, data, said):
    path = tmp_path / name
    path.write_bytes(data)
    try:
        assert said in refused(path)
    except pytest.fail.Exception:
        assert not said  # a number of 5,000 digits is one, and infinite


# --- claims -----------------------------------------------------------------------------------------


def test_hdf5_that_claims_more_rows_than_there_are_atoms(tmp_path):
    path = tmp_path / "p.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("pred_probs", (HUGE, 3), "f8", chunks=(1024, 3))
    assert "too much to be read into memory" in small(path)


def test_hdf5_with_a_chunk_larger_than_memory(tmp_path):
    path = tmp_path / "p.h5"
    with h5py.File(path, "w") as file:
        made = file.create_dataset(
            "pred_probs", (4, 2), "f8", chunks=(2 * ZEROS, 2), maxshape=(None, 2), compression=1
        )
        made[:] = 0.5
    assert path.stat().st_size < 1 << 22
    small(path)


def test_hdf5_whose_numbers_are_in_another_file(tmp_path):
    path = tmp_path / "p.h5"
    secret = tmp_path / "secret"
    secret.write_bytes(np.full(6, 0.5).tobytes())
    with h5py.File(path, "w") as file:
        file.create_dataset("pred_probs", (3, 2), "f8", external=[(str(secret), 0, 48)])
        file["elsewhere"] = h5py.ExternalLink(str(secret), "/x")
        file["round"] = h5py.SoftLink("/round")
    small(path)


def test_parquet_of_a_few_bytes_for_millions_of_rows(tmp_path):
    path = tmp_path / "p.parquet"
    zeros = pa.array(np.zeros(ZEROS))
    pyarrow.parquet.write_table(pa.table({"a": zeros, "b": zeros, "c": zeros}), path)
    assert path.stat().st_size < 1 << 20
    assert "too much to be read into memory" in small(path)


def test_parquet_whose_account_of_its_rows_is_false(tmp_path):
    path = tmp_path / "p.parquet"
    pyarrow.parquet.write_table(pa.table({"a": np.zeros(300), "b": np.zeros(300)}), path)
    data = path.read_bytes()
    rows, more = b"\xd8\x04", b"\xd8\xff\xff\xff\xff\x7f"  # 300, and billions, as Thrift writes them
    assert rows in data
    for at in range(len(data)):
        if data[at : at + 2] == rows:
            path.write_bytes(data[:at] + more + data[at + 2 :])
            with contextlib.suppress(pytest.fail.Exception):  # a false account in one place may not matter
                small(path)


@pytest.mark.parametrize("packing", ["zstd", "lz4"])
def test_a_packed_feather_for_millions_of_rows(tmp_path, packing):
    path = tmp_path / "p.feather"
    zeros = pa.array(np.zeros(ZEROS))
    pyarrow.feather.write_feather(pa.table({"a": zeros, "b": zeros, "c": zeros}), path, compression=packing)
    assert path.stat().st_size < 1 << 21
    small(path)


def test_a_packed_matlab_file_for_millions_of_rows(tmp_path):
    path = tmp_path / "p.mat"
    scipy.io.savemat(path, {"pred_probs": np.zeros((ZEROS, 2))}, do_compression=True)
    small(path)


def test_safetensors_that_claim_more_than_there_is(tmp_path):
    path = tmp_path / "p.safetensors"
    for shape, end in (([HUGE, 3], 24 * HUGE), ([HUGE, 3], 48), ([2, 3], 2**63), ([-1, 3], 48)):
        head = json.dumps({"probs": {"dtype": "F64", "shape": shape, "data_offsets": [0, end]}}).encode()
        path.write_bytes(len(head).to_bytes(8, "little") + head + bytes(48))
        refused(path)
    path.write_bytes((2**62).to_bytes(8, "little") + b"{}")
    refused(path)


def workbook(tmp_path, member, content):
    """A workbook of pandas with one of its parts replaced."""
    good, path = io.BytesIO(), tmp_path / "p.xlsx"
    pd.DataFrame({"a": [0.5], "b": [0.5]}).to_excel(good, index=False)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return path


SHEET = "xl/worksheets/sheet1.xml"
XML = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@pytest.mark.parametrize(
    "content",
    [
        XML + b" " * (200 << 20),
        XML + b'<row r="1"><c r="A1"><v>0.5</v></c></row>' * 3_000_000,
    ],
)
def test_a_workbook_that_unpacks_to_far_more(tmp_path, content):
    assert "too much" in (said := small(workbook(tmp_path, SHEET, content))) or "far more" in said


def test_a_workbook_whose_entities_multiply(tmp_path):
    laughs = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 12))
    text = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>{XML.decode()}<row r="1"><c r="A1" t="inlineStr"><is><t>'
    small(workbook(tmp_path, SHEET, f"{text}&l11;</t></is></c></row></sheetData></worksheet>".encode()))


def test_a_workbook_with_a_cell_far_away(tmp_path):
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["XFD1"] = 0.5
    book.active["A1048576"] = 0.5
    book.save(tmp_path / "p.xlsx")
    small(tmp_path / "p.xlsx")
