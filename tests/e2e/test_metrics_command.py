"""`lossacc-gui metrics`: the numbers, as text and as JSON, of a file as it is asked to be read."""

from __future__ import annotations

import json
import subprocess
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from lossacc_gui.core.convention import DTYPE_EPS, LOG_CLAMP, PRESETS, preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.metrics import EVERY
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.state import Baseline
from lossacc_gui.files import Project, save_predictions
from tests.e2e.told import refused

ROOT = Path(__file__).resolve().parents[2]


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
