"""`lossacc-gui metrics` of a file that looks odd: what is said of it, and the options that put it right."""

from __future__ import annotations

import json
import shlex

import numpy as np
import pytest

from tests.e2e.told import refused


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
        (np.stack([SURE.T, SURE.T]), None, '--choose "axes=epochs, classes, rows"'),
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
