"""Tables of text: delimiters, encodings, headers, and every cell that cannot be read."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from lossacc_gui.files import FileRefusal, Progress, Stopped, bulk, open_predictions


def opened(tmp_path, text: str | bytes, name: str = "p.csv", **options):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_predictions(tmp_path / name, **options)


def refused(tmp_path, text: str | bytes, match: str, **options) -> FileRefusal:
    tracemalloc.start()
    try:
        with pytest.raises(FileRefusal, match=match) as caught:
            opened(tmp_path, text, **options)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
    said = str(caught.value)
    assert said.startswith(f"{tmp_path / 'p.csv'}: ")
    assert said.isprintable()
    assert len(said) < 500
    return caught.value


@pytest.mark.parametrize(
    ("text", "names", "labels"),
    [
        ("A,B,label\n.1,.9,B\n.8,.2,\n", ("A", "B"), [1, -1]),
        ("A,B,label\n.1,.9,1\n.8,.2,0\n", ("A", "B"), [1, 0]),
        ("label;A;B\nA;.1;.9\nB;.8;.2\n", ("A", "B"), [0, 1]),
        ("A\tB\ttruth\n.1\t.9\tB\n.8\t.2\tA", ("A", "B"), [1, 0]),
        (",A,B,label\n0,.1,.9,B\n1,.8,.2,A\n", ("A", "B"), [1, 0]),
        ("id,A,B,y\n7,.1,.9,B\n8,.8,.2,A\n", ("A", "B"), [1, 0]),
        ("confidence.cat,confidence.dog,x,label\n.1,.9,5,dog\n.8,.2,6,cat\n", ("cat", "dog"), [1, 0]),
        ("ground_truth,prob_b,prob_a,prediction\nb,.1,.9,a\na,.8,.2,b\n", ("b", "a"), [0, 1]),
        ("class_0,class_1,target\n.1,.9,1\n.8,.2,0\n", ("0", "1"), [1, 0]),
        ("A,B,class,predicted\n.1,.9,B,A\n.8,.2,A,A\n", ("A", "B"), [1, 0]),
        ("A,B,label,y\n.1,.9,B,.3\n.8,.2,A,.4\n", ("A", "B", "y"), [1, 0]),
        (".1,.9\n.8,.2\n", ("0", "1"), [-1, -1]),
        (".1,.9,dog\n.8,.2,cat\n", ("cat", "dog"), [1, 0]),
        ("dog,.1,.9\ncat,.8,.2\n", ("cat", "dog"), [1, 0]),
        ("0,1,2,kind\n.1,.9,0,x\n.8,.2,0,y\n", ("0", "1", "2"), [-1, -1]),
        ("0,1,label\n.1,.9,1\n.8,.2,0\n", ("0", "1"), [1, 0]),
        ('"A, or a","B ""x""",label\r\n.1,.9,"A, or a"\r\n.8,.2,\r\n', ("A, or a", 'B "x"'), [0, -1]),
        ("\n\nA,B,label\n\n.1,.9,B\n\n.8,.2,A\n\n", ("A", "B"), [1, 0]),
        ("A,B,label\r.1,.9,B\r.8,.2,A\r", ("A", "B"), [1, 0]),
        (" A , B , label \n .1 , .9 , B \n .8 , .2 , A \n", ("A", "B"), [1, 0]),
    ],
)
def test_columns_are_recognised(tmp_path, text, names, labels):
    found = opened(tmp_path, text).predictions
    assert found.class_names == names
    assert found.labels.tolist() == labels
    assert np.sort(found.probs[0, :, :2], axis=1).tolist() == [[0.1, 0.9], [0.2, 0.8]]


def test_what_is_left_out_is_said(tmp_path):
    notes = opened(tmp_path, "name,A,B,pred,label\nx,.1,.9,B,B\n").notes
    assert notes == ("columns left out: 'name', 'pred'", "labels from column 'label' in the same file")


def test_one_column_of_numbers_is_two_classes(tmp_path):
    found = opened(tmp_path, "score,label\n.25,1\n.75,0\n")
    assert found.predictions.probs[0].tolist() == [[0.75, 0.25], [0.25, 0.75]]
    assert found.predictions.labels.tolist() == [1, 0]
    assert any(note.startswith("one column was read as two classes") for note in found.notes)


def test_special_numbers(tmp_path):
    probs = opened(tmp_path, "A,B\nnan,inf\n-inf,1e-300\n+1.5E+2,-0\n").predictions.probs[0]
    np.testing.assert_array_equal(probs, [[np.nan, np.inf], [-np.inf, 1e-300], [150, 0]])


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_decimal_comma_is_read_and_announced(tmp_path, delimiter):
    text = "A;B;label\n0,25;,75;B\n1;0,;A\n".replace(";", delimiter)
    found = opened(tmp_path, text)
    assert found.predictions.probs[0].tolist() == [[0.25, 0.75], [1, 0]]
    assert "the comma was read as the decimal sign" in found.notes
    assert opened(tmp_path, "0,25;0,75\n0,5;0,5\n").predictions.probs[0].tolist()[0] == [0.25, 0.75]
    refused(tmp_path, "A;B\n1.234,5;0\n", r"line 2, column 'A': '1\.234,5' is no number")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are(tmp_path, encoding):
    found = opened(tmp_path, "Äpfel,日本,label\n.1,.9,日本\n".encode(encoding))
    assert found.predictions.class_names == ("Äpfel", "日本")
    assert found.predictions.labels.tolist() == [1]
    assert found.notes == ("labels from column 'label' in the same file",)


def test_latin_1_is_the_last_guess_and_said(tmp_path):
    rows = ".1,.9\n" * 30_000  # so that the first odd byte is not in the first block
    found = opened(tmp_path, f"A,B\n{rows}".encode() + b".1,.9\xa0\n")
    assert found.predictions.rows == 30_001
    assert opened(tmp_path, "Äpfel,B\n.1,.9\n".encode("latin-1")).predictions.class_names == ("Äpfel", "B")
    assert "the text is not UTF-8 and was read as Latin-1" in found.notes
    refused(tmp_path, "A,B\n.1,.9\n".encode("utf-16") + b"\0", "it is no whole UTF-16: save it as UTF-8")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "text: it is empty"),
        ("\n\n\n", "text: it is empty"),
        ("A,B,label\n", "there is a header and no row"),
        ("A,B,label\n.1,.9,A\n.1,.9\n", "line 3: 2 cells, but 3 in the first line"),
        ("A,B\n.1,.9\n.1,.9,.3\n", "line 3: 3 cells, but 2 in the first line"),
        ("A,B\n.1,O.9\n.2,.8\n", r"line 2, column 'B': 'O\.9' is no number: write it as in 0\.25, or nan"),
        ("A,B\n.1,.9\n.1,1_0\n", "line 3, column 'B': '1_0' is no number"),
        ("A,B\n.1,.9\n.1,45%%\n", "line 3, column 'B': '45%%' is no number"),
        (".1,.9\n.1,x\n", "line 2, column 2: 'x' is no number"),
        ("A,B\n.1,.9\n.1,0x1\n", "'0x1' is no number"),
        ("A,B,label\n.1,.9,C\n", "line 2, label: 'C' is none of the 2 classes"),
        ("A,A\n.1,.9\n", "class 2: the name 'A' is taken"),
        ("A,,B\n.1,.9,.1\n", "column 2: its header is empty"),
        ("name,label\nx,y\n", "no column of numbers"),
        (b"A,B\n.1,.9\n.1,\0.9\n", "line 3: a NUL byte, which no text has"),
        (bytes(10_000_000), "line 1: a NUL byte"),
        ('A,B\n.1,"' + ".9\n" * 100_000, "a row of .*thousands of lines: .*close every quotation mark"),
        (
            "A,B\n.1," + "9" * 10_000_000,
            "line 2: a cell of more than 131,072 characters: close every quotation mark",
        ),
        ("," * 3_000_000, "a line of 3000001 cells: transpose it"),
        ("A,B\n.1,<" + "x" * 1000 + "\n.1,.2", "is no number"),
        ("A,B\n.1,\x1b[31m\n.1,.2", "is no number"),
    ],
)
def test_wrong_tables_are_refused_in_one_sentence(tmp_path, text, message):
    assert refused(tmp_path, text, message).remedy


def test_a_line_that_never_ends_is_refused_without_being_read(tmp_path, monkeypatch):
    monkeypatch.setattr("lossacc_gui.files.lines.LONGEST", 1 << 18)
    refused(
        tmp_path,
        "1 " * (4 << 20),
        "line 1: a row of more than 262,144 characters, .*: give every row one line",
    )
    refused(tmp_path, "A,B\n.1" + ',"\n"' * (1 << 17), "a row of more than 262,144 characters")
    assert opened(tmp_path, "A,B\n" + ".1,.9\n" * (1 << 16)).predictions.rows == 1 << 16


def test_a_table_larger_than_the_memory_is_refused(tmp_path):
    refused(
        tmp_path,
        "A,B\n" + ".1,.9\n" * 10_000,
        r"more numbers than fit into memory: save them as \.npy",
        memory=50_000,
    )


def test_a_bad_cell_far_down_is_found(tmp_path):
    text = "A,B,label\n" + ".1,.9,B\n" * 70_000 + ".1,oops,B\n"
    refused(tmp_path, text, "line 70002, column 'B': 'oops' is no number")


@pytest.mark.parametrize("way", ["arrow", "numpy", "by record"])
def test_progress_rises_and_stop_stops(tmp_path, monkeypatch, way):
    monkeypatch.setattr(bulk, "CHUNK", 5_000)
    monkeypatch.setattr(bulk, "PLAIN_CHUNK", 5_000)
    monkeypatch.setattr(bulk, "_arrow", lambda _size: way == "arrow")
    monkeypatch.setattr(bulk, "WORKS", way == "numpy")
    seen: list[float] = []
    text = "A,B\n" + ".1,.9\n" * 50_000
    opened(tmp_path, text, progress=Progress(lambda fraction, what: seen.append(fraction)))
    assert len(seen) > 20
    assert seen == sorted(seen)
    assert seen[-1] == 1
    asked = iter(range(100))
    with pytest.raises(Stopped):
        opened(tmp_path, text, progress=Progress(stop=lambda: next(asked) == 5))
    assert next(asked) == 6


def test_the_same_numbers_as_numpy_reads(tmp_path):
    given = np.random.default_rng(0).random((2000, 20))
    np.savetxt(tmp_path / "p.csv", given, delimiter=",", fmt="%.17g")
    np.testing.assert_array_equal(open_predictions(tmp_path / "p.csv").predictions.probs[0], given)


def test_lines_of_json_that_are_not_utf8_are_refused_with_their_place(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_bytes(b'{"a": 0.5, "b": 0.5}\n{"a": 0.5, "b": "\xe9"}\n')
    with pytest.raises(FileRefusal, match="it is not UTF-8: save it as UTF-8"):
        open_predictions(path)


def test_an_empty_cell_is_nan_and_said(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("A,B,label\n.1,.9,A\n.1,,B\n.5,.5,A\n")
    found = open_predictions(path)
    assert np.isnan(found.predictions.probs[0]).tolist() == [[False, False], [False, True], [False, False]]
    assert "1 empty cell read as nan: no number" in found.notes
