"""Many rows at once are read as row by row: the same bits, the same lines, the same refusals."""

from __future__ import annotations

import random
from pathlib import Path
from unittest.mock import patch

import pyarrow.csv  # noqa: F401 - so that files of any size are worth it
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files import bulk, lines, table
from lossacc_gui.files.choices import Choices
from lossacc_gui.files.delimited import DELIMITED
from lossacc_gui.files.progress import Progress, Stopped
from tests.files.mutating import damaged

CELLS = (
    *(
        "0.1",
        "1e-5",
        " 0.25",
        "0.5 ",
        "nan",
        "NaN",
        "-inf",
        "Infinity",
        "1",
        ".5",
        "5.",
        "+0.5",
        "1e999",
        "0x1",
    ),
    *(
        "1_0",
        "0,5",
        "",
        " ",
        "cat",
        "nan(1)",
        "1.7976931348623157e308",
        "4.9e-324",
        "0." + "3" * 40,
        "٣",
        "1e",
    ),
    *('"0.5"', '"', "0.5\r", "a\0", "true", "null", "NA", "#", "0.1\t", "12%"),
)
LABELS = (
    "cat",
    "dog",
    "",
    " cat ",
    "-1",
    "nan",
    "New York (NY)",
    "0",
    "1",
    "0.5",
    "naïve",
    '"a, b"',
    '"',
    "a'b",
    "\ufeff",
)
ENDS = ("\n", "\r\n")


WAYS = ("arrow", "numpy", "by record")


def told(path: Path, memory: int, way: str) -> tuple[int, tuple[object, ...]]:
    """How many rows came at once, and what comes of reading a file, as something that can be compared."""
    taken: list[int] = []
    take = table.Table.take

    def counting(self, block):
        taken.append(len(block.numbers))
        take(self, block)

    with (
        patch.object(table.Table, "take", counting),
        patch.object(bulk, "_arrow", lambda _size: way == "arrow"),
        patch.object(bulk, "WORKS", way == "numpy"),
    ):
        try:
            found = DELIMITED.read(path, Progress(), memory, Choices())
        except Refusal as refusal:
            return sum(taken), (type(refusal), str(refusal))
    labels = found.labels
    held = None if labels is None else (labels.values.tolist(), list(labels.lines or ()))
    weights = None if found.weights is None else found.weights.tobytes()
    said = (found.class_names, found.notes, found.score_of, found.labels_from, found.weights_from)
    return sum(taken), (found.probs.shape, found.probs.tobytes(), held, weights, said)


def agree(path: Path, memory: int = 1 << 30, chunk: int = 64) -> int:
    """Check that all ways agree about a file; how many rows were read at once."""
    with (
        patch.multiple(bulk, CHUNK=chunk, PLAIN_CHUNK=chunk),
        patch.multiple(table, SAMPLE=2),
        patch.multiple(lines, _SAMPLE=2),
    ):
        (taken, fast), (others, alone), (none, careful) = (told(path, memory, way) for way in WAYS)
    assert none == 0
    assert fast == careful
    assert alone == careful
    return min(taken, others)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Good rows, and after them some of which anything may be wrong."""
    delimiter = draw(st.sampled_from(",\t; "))
    head = draw(st.sampled_from(([], ["a", "b", "label"], ["x", "pred", "a", "b", "label", "sample_weight"])))
    width = len(head) or draw(st.integers(1, 4))
    first = [
        ["0", "1", "0.5", "0.25", "cat", "1"][i] if len(head) == 6 else ["0.1", "0.2", "cat", "0.3"][i]
        for i in range(width)
    ]
    rows = [head] * bool(head) + [first] * draw(st.integers(2, 12))
    for _ in range(draw(st.integers(0, 3))):
        odd = [draw(st.sampled_from(LABELS if cell == "cat" else CELLS)) for cell in first]
        one = draw(st.integers(0, width - 1))
        odd = odd if draw(st.booleans()) else [*first[:one], odd[one], *first[one + 1 :]]
        rows += [odd[: draw(st.sampled_from((width, width, width, 0, 1)))]]
        rows += [first] * draw(st.integers(0, 8))
    end = draw(st.sampled_from(ENDS))
    return end.join(delimiter.join(row) for row in rows) + draw(st.sampled_from(("", end, end + end)))


@given(text=texts(), chunk=st.integers(1, 200), memory=st.sampled_from((1 << 30, 300)))
@example(text="a,b,label\n" + "0.1,0.2,cat\n" * 5 + "0.1,nan(1),cat\n", chunk=20, memory=1 << 30)
@example(text="a,b,label\n" + "0.1,0.2,(\n" * 5 + "0.1,nan,cat\n", chunk=20, memory=1 << 30)
@example(
    text="a,b\n" + "0.1,0.2\n" * 5 + "0.1,0.2\r\r\n" + "0.1,0.2\n" * 20 + "0.1,x\n", chunk=80, memory=1 << 30
)
@example(text="a,b,y,label\n" + "0.1,0.2,1,a\n" * 5 + "0.1,0.2,0.5,b\n", chunk=1, memory=1 << 30)
@example(text="a,b,weight\n" + "0.1,0.2,1\n" * 5 + "0.1,0.2,1_0\n", chunk=1, memory=1 << 30)
@example(text="a,b,sample_weight\n" + "0.1,0.2,1\n" * 5 + "0.1,0.2,-1\n", chunk=1, memory=1 << 30)
@example(text="0.1 0.2 cat\n" * 5 + "0.1 0.2 \n" * 2, chunk=1, memory=1 << 30)
@example(text="a;b\n" + "0;1\n" * 5 + "0,5;1\n" + "0.5;1\n", chunk=1, memory=1 << 30)
@example(text="a;b\n" + "0.5;1\n" * 5 + "0,5;1\n", chunk=1, memory=1 << 30)
@example(text="a,b\n" + "0.5,1\n" * 5 + "\n\n0.5,x\n" + "0.5,1\n" * 5, chunk=12, memory=1 << 30)
def test_all_ways_agree(tmp_path_factory, text, chunk, memory):
    path = tmp_path_factory.mktemp("bulk") / "p.csv"
    path.write_bytes(text.encode())
    agree(path, memory, chunk)


@pytest.mark.parametrize("number", range(150))
def test_all_ways_agree_about_damaged_tables(tmp_path, number):
    name, data = damaged(number)
    path = tmp_path / ("p.csv.gz" if name.endswith(".gz") else "p.csv")
    path.write_bytes(data)
    agree(path, chunk=40)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_usual_tables_are_read_at_once(tmp_path, encoding, end, delimiter):
    dice = random.Random(1)
    rows = [
        [repr(dice.random()), repr(dice.random() / 9**9), dice.choice(["naïve", "dog"])] for _ in range(500)
    ]
    text = "".join(delimiter.join(row) + end for row in [["naïve", "dog", "label"], *rows])
    (tmp_path / "p.csv").write_bytes(text.encode(encoding))
    if encoding == "latin-1":
        assert agree(tmp_path / "p.csv", chunk=1000) > 400
    else:
        assert agree(tmp_path / "p.csv", chunk=1000) >= 498


def test_a_cell_longer_than_any_is_refused_with_its_line(tmp_path):
    (tmp_path / "p.csv").write_text("a,b,label\n" + "0.1,0.9,a\n" * 40 + f"0.1,0.9,{'a' * 200_000}\n")
    assert agree(tmp_path / "p.csv") > 0


def test_reading_at_once_can_be_stopped(tmp_path):
    (tmp_path / "p.csv").write_text("a,b\n" + "0.1,0.9\n" * 400)
    calls: list[float] = []
    progress = Progress(lambda fraction, _what: calls.append(fraction), lambda: len(calls) > 3)
    with patch.object(bulk, "CHUNK", 100), pytest.raises(Stopped):
        DELIMITED.read(tmp_path / "p.csv", progress, 1 << 30, Choices())
    assert calls == sorted(calls)
