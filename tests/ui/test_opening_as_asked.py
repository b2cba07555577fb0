"""A file that a call names is read by the convention which the call asks for, whatever else would hold."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from lossacc_gui.arguments import parse
from lossacc_gui.core.convention import Rows, preset
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.files import Choices, Project, open_predictions, save_predictions
from lossacc_gui.input import convention

P = np.array([[0.5, 0.3], [0.2, 0.4], [0.1, 0.9]])


@pytest.fixture
def plain(tmp_path):
    np.savez(tmp_path / "plain.npz", probs=P, labels=[0, 1, 1])
    return tmp_path / "plain.npz"


def opened(window, path, call):
    """The convention under which a file is shown, after such a call."""
    window.opening.open(str(path), None, Choices(), partial(convention, parse(call.split())))
    window.document.jobs.wait()
    document = window.document
    assert document.state.source.path == str(path)
    assert document.tally == evaluate(document.state.predictions, document.state.convention).tally
    return document.state.convention


def test_what_is_asked_for_holds_for_the_file_and_not_for_the_next(window, plain, tmp_path):
    found = opened(window, plain, "x --temperature 2 --rows normalised --smoothing 0.1")
    assert (found.temperature, found.rows, found.smoothing) == (2, Rows.NORMALISED, 0.1)
    window.opening.reload()
    window.document.jobs.wait()
    assert window.document.state.convention == found
    np.savez(tmp_path / "next.npz", probs=P, labels=[0, 0, 0])
    assert opened(window, tmp_path / "next.npz", "x") == replace(found, temperature=1.0)


def test_it_goes_before_what_a_project_was_saved_with(window, plain, tmp_path):
    saved = replace(preset("keras"), smoothing=0.2)
    save_predictions(tmp_path / "p.npz", open_predictions(plain).predictions, project=Project(saved))
    assert opened(window, tmp_path / "p.npz", "x") == saved
    assert opened(window, tmp_path / "p.npz", "x --smoothing 0") == preset("keras")
    assert opened(window, tmp_path / "p.npz", "x --convention pytorch_nll") == preset("pytorch_nll")


def test_it_outlasts_a_question_about_the_file(window, tmp_path):
    np.savez(tmp_path / "two.npz", first=P, second=P[::-1], labels=[0, 1, 1])
    window.opening.open(str(tmp_path / "two.npz"), read_as=partial(convention, parse(["--temperature", "3"])))
    window.document.jobs.wait()
    window.asking.dialog.jobs.wait()
    window.asking.dialog.accept()
    window.document.jobs.wait()
    assert window.document.state.source.name == "two.npz"
    assert window.document.state.convention.temperature == 3
