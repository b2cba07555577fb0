"""The program as a shell runs it: numbers, pictures, refusals and exit codes."""

from __future__ import annotations

import json
import os
import shlex
import struct
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from lossacc_gui import cli
from lossacc_gui.core.convention import DTYPE_EPS, LOG_CLAMP, PRESETS, preset
from lossacc_gui.core.curves import CURVES
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics import EVERY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import Baseline
from lossacc_gui.files import Project, save_predictions
from tests.e2e.copies import Copies

ROOT = Path(__file__).resolve().parents[2]
KEYS = [curve.key for curve in CURVES]


@pytest.fixture(scope="module")
def copies(python, tmp_path_factory):
    """The program, ready to be run many times."""
    copies = Copies(python, tmp_path_factory.mktemp("streams"))
    yield copies
    copies.end()


@pytest.fixture
def run(copies, tmp_path):
    """Runs the program in an empty folder, without a display."""

    def run(*words: object, **extra: str) -> subprocess.CompletedProcess[str]:
        hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        env = {key: value for key, value in os.environ.items() if key not in hidden}
        done: subprocess.CompletedProcess[str] = copies.run(
            [str(word) for word in words], tmp_path, env | extra
        )
        return done

    return run


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "p.npz"
    cells = np.array([[0.3, 0.5, 0.2], [0.1, 0.5, 0.4], [0.3, 0.5, 0.2]])
    np.savez(path, probs=cells, labels=np.array([0, 2, 1]))
    return path


def refused(done: subprocess.CompletedProcess[str], *parts: str) -> str:
    """The one line of a refusal: program, place, what is wrong, what to do."""
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("lossacc-gui: ")
    for part in parts:
        assert part in lines[0]
    return lines[0]


# --- metrics --------------------------------------------------------------------------------------


def test_metrics_as_json(run, file):
    done = run("metrics", file, "--json")
    assert done.returncode == 0
    assert all(line.startswith("lossacc-gui: ") for line in done.stderr.splitlines())  # what was found
    told = json.loads(done.stdout)
    assert {"rows", "classes", "convention", "metrics"} <= told.keys()
    assert (told["rows"], told["classes"], told["convention"]) == (3, 3, "by_hand")
    assert told["metrics"].keys() >= {metric.key for metric in EVERY}
    assert told["metrics"]["recall_per_class"] == [0.0, 1.0, 0.0]
    assert told["metrics"]["precision_per_class"] == [None, 1 / 3, None]
    assert told["metrics"]["cross_entropy"] == pytest.approx(0.937804, abs=5e-7)
    assert told["metrics"]["accuracy"] == 1 / 3
    assert told["metrics"]["accuracy_possible"] == [0, 2 / 3]
    assert told["metrics"]["top_k_name"] == "Top-2 accuracy"


def test_metrics_as_text(run, file):
    done = run("metrics", file)
    assert done.returncode == 0
    for part in ("0.937804", "33.33%", "1 of 3 rows", "by_hand"):
        assert part in done.stdout
    for metric in EVERY:
        assert metric.title.replace("Top-k", "Top-2") in done.stdout


@pytest.mark.parametrize("key", [preset.key for preset in PRESETS])
def test_each_convention(run, file, key):
    told = json.loads(run("metrics", file, "--json", "--convention", key).stdout)
    assert told["convention"] == key
    wanted = preset(key)
    assert told["read_as"].keys() == {field.name for field in fields(wanted)}
    assert told["read_as"]["rows"] == wanted.rows.value
    assert told["read_as"]["divisor"] == wanted.divisor.value
    clips = {DTYPE_EPS: "dtype eps", LOG_CLAMP: "log >= -100"}
    assert told["read_as"]["clip"] == clips.get(wanted.clip, wanted.clip)
    assert isinstance(told["metrics"]["cross_entropy"], float)


def test_infinite_and_undefined_are_told_as_such(run, tmp_path):
    np.savez(tmp_path / "inf.npz", probs=np.array([[0.0, 1.0]]), labels=np.array([0]))
    told = json.loads(run("metrics", "inf.npz", "--json").stdout)["metrics"]
    assert told["cross_entropy"] == told["perplexity"] == "Infinity"
    np.savez(tmp_path / "nan.npz", probs=np.array([[np.nan, 1.0]]), labels=np.array([0]))
    told = json.loads(run("metrics", "nan.npz", "--json").stdout)["metrics"]
    assert told["cross_entropy"] is None
    assert "no defined loss" in told["cross_entropy_reason"]
    assert "undefined" in run("metrics", "nan.npz").stdout
    assert "∞" in run("metrics", "inf.npz").stdout


def test_labels_in_a_file_of_their_own(run, tmp_path):
    np.save(tmp_path / "p.npy", np.array([[0.4, 0.6], [0.9, 0.1]]))
    np.save(tmp_path / "y.npy", np.array([1, 1]))
    told = json.loads(run("metrics", "p.npy", "--labels", "y.npy", "--json").stdout)
    assert told["metrics"]["accuracy"] == 0.5


def test_metrics_of_a_lesson(run):
    told = json.loads(run("metrics", "--scenario", "outlier", "--json").stdout)
    assert told["metrics"]["accuracy"] == 0.9


def test_a_choice_reads_what_can_be_read_in_several_ways(run, tmp_path):
    one, other = np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([[0.9, 0.1], [0.3, 0.7]])
    np.savez(tmp_path / "two.npz", first=one, second=other, labels=[1, 0])
    refused(run("metrics", "two.npz"), "--choose array=", "'first'", "'second'")
    for name, accuracy in (("first", 1.0), ("second", 0.0)):
        done = run("metrics", "two.npz", "--choose", f"array={name}", "--json")
        assert json.loads(done.stdout)["metrics"]["accuracy"] == accuracy
        assert "changes nothing" not in done.stderr
    idle = "the choice labels=z changes nothing: the file does not ask for it"
    done = run("metrics", "two.npz", "--choose", "array=first", "--choose", "labels=z", "--json")
    assert idle in done.stderr
    assert idle in json.loads(done.stdout)["notes"]


def test_metrics_load_no_qt(python, file):
    code = (
        "import sys; from lossacc_gui.cli import main; assert main(['metrics', sys.argv[1]]) == 0;"
        "print(sorted(name for name in sys.modules if name.startswith(('PySide6', 'shiboken6', 'pyqtgraph'))))"
    )
    done = subprocess.run(
        [*python, "-c", code, str(file)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_what_a_convention_is_changed_by(run, file):
    default = json.loads(run("metrics", file, "--json").stdout)
    plain = default["metrics"]["cross_entropy"]
    for option in (("--smoothing", "0.1"), ("--temperature", "2"), ("--float32",)):
        told = json.loads(run("metrics", file, "--json", *option).stdout)
        assert told["convention"] == "custom"
        assert told["read_as"] != default["read_as"]
        assert told["metrics"]["cross_entropy"] != plain
    assert "smoothing 0.1, T = 2" in run("metrics", file, "--smoothing", "0.1", "--temperature", "2").stdout


@pytest.mark.parametrize(
    ("name", "rows", "accuracy", "loss"),
    [("mnist", 10_000, 0.9913, 0.030282), ("20news", 7_532, 0.923394, "Infinity")],
)
def test_real_predictions(run, shared_data, name, rows, accuracy, loss):
    told = json.loads(
        run(
            "metrics",
            shared_data / f"{name}_pred_probs.npy",
            "--labels",
            shared_data / f"{name}_labels.npy",
            "--json",
        ).stdout
    )
    assert told["rows"] == rows
    assert told["metrics"]["accuracy"] == pytest.approx(accuracy, abs=5e-7)
    assert told["metrics"]["cross_entropy"] == (loss if loss == "Infinity" else pytest.approx(loss, abs=5e-7))


def test_metrics_of_an_epoch(run, tmp_path):
    cells = np.array([[[0.3, 0.7], [0.6, 0.4]], [[0.8, 0.2], [0.6, 0.4]]])
    np.savez(tmp_path / "stack.npz", probs=cells, labels=np.array([0, 0]))
    first, second = (
        json.loads(run("metrics", "stack.npz", "--json", *more).stdout) for more in ([], ["--epoch", 2])
    )
    assert [told["metrics"]["accuracy"] for told in (first, second)] == [0.5, 1]
    assert [(told["epoch"], told["epochs"]) for told in (first, second)] == [(1, 2), (2, 2)]
    assert "epoch 2 of 2" in run("metrics", "stack.npz", "--epoch", 2).stdout
    refused(run("metrics", "stack.npz", "--epoch", 3), "--epoch 3", "use 1 to 2")
    for number, label in ((1, "epoch 1 of 2"), (2, "epoch 2 of 2")):
        view = ("--view", "metrics", "--out", f"{number}.svg", "--epoch", number)
        assert run("figure", "stack.npz", *view).returncode == 0
        assert label in (tmp_path / f"{number}.svg").read_text()
    refused(run("figure", "stack.npz", "--epoch", 3, "--out", "x.png"), "--epoch 3", "use 1 to 2")


def test_metrics_say_what_looks_odd(run, tmp_path):
    np.savez(tmp_path / "percent.npz", probs=np.array([[30.0, 70.0], [60.0, 40.0]]), labels=np.array([1, 0]))
    done = run("metrics", "percent.npz", "--json")
    assert "lossacc-gui: These look like percentages" in done.stderr
    assert [finding["key"] for finding in json.loads(done.stdout)["findings"]] == ["percent"]


SURE, LABELS = np.random.default_rng(1).dirichlet(np.full(3, 0.4), 300), np.arange(300) % 3
SURE[np.arange(300), LABELS] += 2
SURE /= SURE.sum(axis=1, keepdims=True)
EVEN = np.exp(SURE) / np.exp(SURE).sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("cells", "labels", "option"),
    [
        (SURE * 0.9, LABELS, "--rows normalised"),
        (np.log(SURE), LABELS, "--rows logits"),
        (np.log(SURE) + 1, LABELS, "--rows logits"),
        (np.round(SURE), 2 - LABELS, "--convention sklearn"),
        (SURE * 100, LABELS, "--mend percent"),
        (EVEN, LABELS, "--mend softmax"),
        (SURE, LABELS % 2 + 1, "--mend labels"),
        (SURE[:, [1, 0, 2]], LABELS, "--mend columns"),
        (SURE.T, None, '--choose "axes=classes, rows"'),
    ],
)
def test_what_looks_odd_is_put_right_by_the_option_named(run, tmp_path, cells, labels, option):
    np.save(tmp_path / "odd.npy", cells)
    more = []
    if labels is not None:
        np.save(tmp_path / "y.npy", labels)
        more = ["--labels", "y.npy"]
    told = run("metrics", "odd.npy", *more).stderr
    (line,) = (line for line in told.splitlines() if line.endswith(f": {option}"))
    mended = run("metrics", "odd.npy", *more, *shlex.split(option))
    assert mended.returncode == 0
    assert line not in mended.stderr
    assert option not in mended.stderr


def test_the_option_named_keeps_what_else_was_asked_for(run, tmp_path):
    np.savez(tmp_path / "odd.npz", probs=np.array([[-2.0, 3.0], [1.0, -4.0]]), labels=np.array([0, 1]))
    assert run("metrics", "odd.npz", "--smoothing", "0.1").stderr.endswith(": --rows logits\n")


def test_what_was_mended_is_said_and_counts(run, tmp_path):
    np.savez(tmp_path / "p.npz", probs=np.array([[30.0, 70.0], [60.0, 40.0]]), labels=np.array([1, 0]))
    done = run("metrics", "p.npz", "--mend", "percent", "--json")
    told = json.loads(done.stdout)
    assert "Percentages divided by 100, as asked" in told["notes"]
    assert "lossacc-gui: Percentages divided by 100, as asked\n" in done.stderr
    assert told["metrics"]["cross_entropy"] == pytest.approx(-np.log(0.42) / 2)
    refused(
        run("metrics", "p.npz", "--mend", "softmax"), "--mend softmax: nothing in the file", "leave it out"
    )
    more = ("--mend", "percent", "--view", "metrics", "--out", "m.svg")
    assert run("figure", "p.npz", *more).returncode == 0
    assert "0.4338" in (tmp_path / "m.svg").read_text()


def test_rows_are_read_as_asked_whatever_the_convention_says(run, tmp_path):
    np.savez(tmp_path / "sums.npz", probs=np.array([[0.2, 0.6]]), labels=np.array([1]))
    for more, rows, key, loss in (
        (["--rows", "normalised"], "normalised", "custom", -np.log(0.75)),
        (["--rows", "logits"], "logits", "pytorch_logits", np.log1p(np.exp(-0.4))),
        (["--rows", "as-typed", "--convention", "keras"], "as typed", "custom", -np.log(0.6)),
        (["--rows", "as-typed", "--convention", "pytorch_nll"], "as typed", "pytorch_nll", -np.log(0.6)),
    ):
        told = json.loads(run("metrics", "sums.npz", "--json", *more).stdout)
        assert (told["read_as"]["rows"], told["convention"]) == (rows, key)
        assert told["metrics"]["cross_entropy"] == pytest.approx(loss)
        assert f"convention {key}, rows {rows}\n" in run("metrics", "sums.npz", *more).stdout


def test_what_was_saved_with_a_project_holds_where_nothing_else_is_asked_for(run, tmp_path):
    predictions = Predictions.of(np.array([[0.2, 0.6], [0.6, 0.2]]), np.array([1, 1]))
    saved = replace(preset("keras"), smoothing=0.1)
    baseline = Baseline.of("before", evaluate(predictions, saved))
    save_predictions(tmp_path / "p.npz", predictions, project=Project(saved, baseline))
    for more, rows, smoothing, told in (
        ([], "normalised", 0.1, True),
        (["--smoothing", "0.2"], "normalised", 0.2, True),
        (["--convention", "pytorch_nll"], "as typed", 0, False),
    ):
        found = json.loads(run("metrics", "p.npz", "--json", *more).stdout)
        assert (found["read_as"]["rows"], found["read_as"]["smoothing"]) == (rows, smoothing)
        assert ("the convention is the one saved with it" in found["notes"]) == told
    assert run("figure", "p.npz", "--view", "ledger", "--out", "l.svg").returncode == 0
    assert "Since the baseline" in (tmp_path / "l.svg").read_text()


def test_a_script_sees_why_labels_beside_the_file_were_not_used(run, tmp_path):
    np.save(tmp_path / "m_pred_probs.npy", np.full((3, 2), 0.5))
    bare = json.loads(run("metrics", "m_pred_probs.npy", "--json").stdout)
    np.save(tmp_path / "m_labels.npy", np.array([1, 0]))
    done = run("metrics", "m_pred_probs.npy", "--json")
    told = json.loads(done.stdout)
    refusal = "the labels in m_labels.npy, beside it, were not used: 2 labels for 3 rows"
    assert done.returncode == 0
    assert bare["notes"] == ["no labels were found: the rows are shown and not counted"]
    assert told["notes"] == [refusal, *bare["notes"]]
    assert told["rows_without_label"] == 3
    assert done.stderr.splitlines() == [f"lossacc-gui: {note}" for note in told["notes"]]


def test_json_tells_of_sample_weights_and_what_they_touch(run, tmp_path, file):
    cells, labels = np.array([[0.3, 0.7], [0.6, 0.4]]), np.array([1, 1])
    np.savez(tmp_path / "w.npz", probs=cells, labels=labels, sample_weight=np.array([1.0, 3.0]))
    told = json.loads(run("metrics", "w.npz", "--json").stdout)
    assert told["sample_weights"] is True
    assert any("rows are weighted by array 'sample_weight'" in note for note in told["notes"])
    assert told["metrics"]["cross_entropy_note"] == "sample weights, divided by the sum of weights"
    assert json.loads(run("metrics", file, "--json").stdout)["sample_weights"] is False


def test_json_tells_of_ties_as_the_text_does(run, tmp_path):
    cells = np.array([[0.4, 0.4, 0.2], [0.2, 0.4, 0.4], [0.1, 0.2, 0.7]])
    np.savez(tmp_path / "ties.npz", probs=cells, labels=np.array([1, 2, 2]))
    told = json.loads(run("metrics", "ties.npz", "--json").stdout)["metrics"]
    assert told["accuracy"] == 1 / 3
    assert told["accuracy_interval"] == [1 / 3, 1.0]
    assert told["accuracy_note"] == "1 of 3 rows; ties make it 1 to 3"
    assert told["accuracy_note"] in run("metrics", "ties.npz").stdout
    cells = np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]])
    np.savez(tmp_path / "second.npz", probs=cells, labels=np.array([2, 2]))
    told = json.loads(run("metrics", "second.npz", "--json").stdout)["metrics"]
    assert told["top_k_interval"] == [0.5, 1.0]
    assert "tied cells counting" in told["top_k_note"]


# --- what cannot be used --------------------------------------------------------------------------


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


# --- where it writes to ---------------------------------------------------------------------------

FULL = "lossacc-gui: standard output: No space left on device: write it elsewhere"


@pytest.fixture
def shell(python, tmp_path, file):
    """Runs a line of a shell's, in which LOSSACC is the program; Python buffers what it writes, as it does
    where nobody asks it not to, or not."""

    def shell(
        line: str, unbuffered: str = "", stdout: Any = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered}
        line = line.replace("LOSSACC", shlex.join([*python, "-m", "lossacc_gui"]))
        command = ["sh", "-c", line]
        return subprocess.run(
            command, cwd=tmp_path, env=env, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
        )

    return shell


@pytest.mark.parametrize(
    ("words", "unbuffered"), [("metrics p.npz", ""), ("metrics p.npz --json", "1"), ("--help", "")]
)
def test_a_reader_that_goes_away_is_no_error(shell, words, unbuffered):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write) as unread:
        done = shell(f"LOSSACC {words}", unbuffered, stdout=unread)
    assert done.returncode == 1
    assert all(line.startswith("lossacc-gui: ") for line in done.stderr.splitlines())
    assert FULL not in done.stderr.splitlines()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(
    ("words", "unbuffered"), [("metrics p.npz", ""), ("metrics p.npz", "1"), ("metrics --help", "")]
)
def test_a_full_disk_is_told_in_one_line(shell, words, unbuffered):
    done = shell(f"LOSSACC {words} >/dev/full", unbuffered)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == FULL
    assert "Exception" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("away", ["2>&-", "2>/dev/full"])
def test_numbers_are_told_where_notes_cannot_be(shell, away):
    done = shell(f"LOSSACC metrics p.npz --json {away}")
    assert done.returncode == 0
    assert json.loads(done.stdout)["rows"] == 3
    done = shell(f"LOSSACC --bad {away}")
    assert (done.returncode, done.stdout) == (2, "")


def test_nothing_has_to_be_open(shell, tmp_path):
    assert shell("LOSSACC metrics p.npz <&- >&- 2>&-").returncode == 0
    assert shell("LOSSACC figure --out x.png --view bars <&- >&- 2>&-").returncode == 0
    assert picture(tmp_path / "x.png")


# --- figure ---------------------------------------------------------------------------------------


def picture(path: Path) -> tuple[int, int]:
    """The size of a PNG, by its header."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def looks(path: Path) -> tuple[int, float, float]:
    """How many colours, how much is not the ground, how light the ground is."""
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF
    values, counts = np.unique(pixels, return_counts=True)
    ground = int(values[counts.argmax()])
    light = sum(((ground >> shift) & 255) for shift in (0, 8, 16)) / 3
    return len(values), 1 - counts.max() / counts.sum(), light


def draws(path: Path) -> bool:
    """Whether a light picture shows something."""
    colours, drawn, light = looks(path)
    return colours > 20 and drawn > 0.02 and light > 230


def test_a_picture_of_the_window(run, tmp_path, file):
    done = run("figure", file, "--out", "window.png", "--size", "1200x800")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    assert picture(tmp_path / "window.png") == (1200, 800)
    assert draws(tmp_path / "window.png")


@pytest.mark.parametrize("key", KEYS)
def test_a_picture_of_each_view(run, tmp_path, key):
    done = run("figure", "--out", "view.png", "--view", key, "--size", "500x300")
    assert (done.returncode, done.stderr) == (0, "")
    assert picture(tmp_path / "view.png") == (500, 300)
    assert draws(tmp_path / "view.png")


def test_a_view_as_wide_as_a_column_and_as_shapes(run, tmp_path):
    done = run("figure", "--out", "view.png", "--view", "plane", "--column")
    assert (done.returncode, done.stderr) == (0, "")
    assert picture(tmp_path / "view.png")[0] == 1004  # 85 mm at 300 dots an inch
    for ending, first in ((".svg", b"<?xml"), (".pdf", b"%PDF")):
        assert run("figure", "--out", f"view{ending}", "--view", "sweep", "--column").returncode == 0
        assert (tmp_path / f"view{ending}").read_bytes().startswith(first)


def test_a_picture_is_the_same_whatever_a_window_remembers(run, tmp_path):
    for number, kept in enumerate(("arrangement=report\ndecimals=2", "")):
        store = tmp_path / str(number) / "lossacc_gui" / "lossacc_gui.ini"
        store.parent.mkdir(parents=True)
        store.write_text(f"[General]\n{kept}\n")
        done = run("figure", "--out", f"{number}.png", XDG_CONFIG_HOME=str(tmp_path / str(number)))
        assert done.returncode == 0
        assert store.read_text() == f"[General]\n{kept}\n"
    assert (tmp_path / "0.png").read_bytes() == (tmp_path / "1.png").read_bytes()


def test_a_picture_is_drawn_in_a_locale_without_letters(run, tmp_path):
    done = run("figure", "--out", "x.png", "--view", "plane", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert draws(tmp_path / "x.png")


def test_a_dark_picture_is_dark(run, tmp_path):
    assert run("figure", "--out", "d.png", "--theme", "dark").returncode == 0
    assert run("figure", "--out", "l.png").returncode == 0
    dark, light = (looks(tmp_path / name)[-1] for name in ("d.png", "l.png"))
    assert dark < 60
    assert light > 230


def test_a_picture_of_a_lesson_under_a_convention(run, tmp_path):
    assert run("figure", "--scenario", "animals", "--convention", "keras", "--out", "a.PNG").returncode == 0
    assert picture(tmp_path / "a.PNG")


def test_a_picture_in_a_folder_that_is_not_there_is_refused(run, tmp_path):
    refused(run("figure", "--out", "no such folder/x.png"), "no such folder")
    assert list(tmp_path.glob("*.png")) == []


def test_a_picture_that_is_there_is_replaced_whole(run, tmp_path):
    target = tmp_path / "x.png"
    target.write_bytes(b"old")
    assert run("figure", "--out", "x.png", "--view", "plane").returncode == 0
    assert picture(target)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".x")] == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_help_names_every_view_and_lesson(run):
    told = run("figure", "--help").stdout
    for key in (*KEYS, "same-loss", "keras", "by_hand"):
        assert key in told


def test_a_picture_of_a_chosen_cell_under_a_rule(run, tmp_path):
    assert run("figure", "--out", "a.svg", "--view", "sweep", "--row", "2").returncode == 0
    more = ("--view", "sweep", "--row", "3", "--class", "B", "--rule", "rescale")
    assert run("figure", "--out", "b.svg", *more).returncode == 0
    said = [(tmp_path / name).read_text() for name in ("a.svg", "b.svg")]
    assert "row 3 · B (the others scale)" in said[1]
    assert "ow 2" in said[0]  # the axis, or the sentence that says why there is nothing
    refused(run("figure", "--out", "x.png", "--row", "4"), "--row 4", "use 1 to 3")
    refused(run("figure", "--out", "x.png", "--class", "Z"), "--class Z", "A, B, C")
