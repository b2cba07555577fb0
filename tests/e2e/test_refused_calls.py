"""Files and calls that cannot be used: one line on stderr, and the exit code."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui import cli
from tests.e2e.told import refused


@pytest.mark.parametrize("command", ["metrics", "figure"])
def test_a_missing_file(run, command):
    more = ("--out", "x.png") if command == "figure" else ()
    for name in ("no such.npy", "ending left out"):
        refused(run(command, name, *more), f"{name}: reading it: there is no such file", "check the name")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.npy", b"not numpy at all", "a.npy"),
        ("a.csv", b"p0,p1\n0.1,0.9\n0.2,banana\n", "banana"),
        ("a.csv", b"", "a.csv"),
        ("a.npz", b"PK broken", "a.npz"),
        ("a.pt", b"anything", "a.pt"),
        ("a.pkl", b"anything", "a.pkl"),
    ],
)
def test_a_bad_file_is_told_in_one_line(run, tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    line = refused(run("metrics", name), f"lossacc-gui: {name}", says)
    assert line.count(": ") >= 3  # program: file: (where:) what: remedy
    assert "Traceback" not in line


def test_a_pickled_array_is_refused_with_the_recipe(run, tmp_path):
    np.save(tmp_path / "o.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    line = refused(run("metrics", "o.npy"), "o.npy")
    assert "np.save" in line or "numpy.save" in line


def test_labels_that_do_not_fit(run, tmp_path):
    np.save(tmp_path / "p.npy", np.array([[0.4, 0.6], [0.9, 0.1]]))
    np.save(tmp_path / "y.npy", np.array([1, 7]))
    refused(run("metrics", "p.npy", "--labels", "y.npy"), "y.npy", "row 2", "7")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--bad",), "lossacc-gui: --bad: there is no such option: see lossacc-gui --help"),
        (("metrics", ""), "lossacc-gui metrics: FILE: the name is empty: name a file, or leave it out"),
        (("metrics", "--a\nb"), "lossacc-gui metrics: --a\\nb: there is no such option: "),
        (
            ("figure", "--out", "x.png", "--view", "\x1b[31m"),
            "lossacc-gui figure: --view \\x1b[31m: it is unknown: ",
        ),
    ],
)
def test_a_wrong_call_exits_with_two_and_one_line(run, words, says, tmp_path):
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(says)
    assert list(tmp_path.glob("x*")) == []


def test_help_and_version(run):
    assert "metrics" in run("--help").stdout
    for command in ("metrics", "figure"):
        assert "--labels" in run(command, "--help").stdout
    from lossacc_gui import __version__

    assert __version__ in run("--version").stdout


def test_without_a_display_the_window_says_what_works_instead(run):
    line = refused(run(), "display", "figure --out")
    assert line.count(".") <= 2
    refused(run("no such.npy"), "no such.npy: reading it: there is no such file", "check the name")
    refused(run("a" * 300), "aaa: reading it: the name is too long")


def test_a_display_that_cannot_be_used_is_told_in_one_line(run):
    refused(run(QT_QPA_PLATFORM="nothing"), 'platform plugin "nothing"', "check DISPLAY", "figure --out")


@pytest.mark.parametrize(
    ("reason", "status", "says"),
    [
        (
            MemoryError(),
            1,
            "lossacc-gui: there is not enough memory: close other programs, or take fewer rows\n",
        ),
        (
            RuntimeError("can't start new thread"),
            1,
            (
                "lossacc-gui: the system allows no more threads: "
                "close other programs, or raise the limit (ulimit -u)\n"
            ),
        ),
        (
            ImportError("libEGL.so.1: cannot open shared object file: No such file or directory"),
            1,
            (
                "lossacc-gui: libEGL.so.1: Qt needs this library, and it is not there: "
                "install the system's package of it; lossacc-gui metrics works without\n"
            ),
        ),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_ends_the_work_early_is_no_traceback(monkeypatch, capsys, reason, status, says):
    def read(_):
        raise reason

    monkeypatch.setattr(cli, "read", read)
    assert cli.main(["metrics"]) == status
    assert capsys.readouterr() == ("", says)


def test_a_mistake_of_the_program_is_not_taken_for_a_missing_library(monkeypatch):
    def read(_):
        raise ImportError("cannot import name 'x'")

    monkeypatch.setattr(cli, "read", read)
    with pytest.raises(ImportError):
        cli.main(["metrics"])
