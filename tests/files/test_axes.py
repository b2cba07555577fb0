"""Which axis is what: stacks, images, turned matrices, parts and folders of epochs."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.files import FileRefusal, open_predictions
from lossacc_gui.files.choices import Choices

RNG = np.random.default_rng(0)
PIXELS = RNG.dirichlet(np.ones(3), (2, 4, 5))
MAP = RNG.integers(0, 3, (2, 4, 5)).astype(np.uint8)
STACK = RNG.dirichlet(np.ones(3), (4, 6))


def test_pixels_are_rows(tmp_path):
    np.savez(tmp_path / "p.npz", probs=PIXELS, labels=MAP)
    found = open_predictions(tmp_path / "p.npz")
    np.testing.assert_array_equal(found.predictions.probs[0], PIXELS.reshape(-1, 3))
    assert found.predictions.labels.tolist() == MAP.ravel().tolist()
    assert "pixels are rows: the axes are images, height, width, classes" in found.notes
    np.savez(tmp_path / "p.npz", probs=PIXELS, labels=np.eye(3)[MAP])
    assert open_predictions(tmp_path / "p.npz").predictions.labels.tolist() == MAP.ravel().tolist()


def test_classes_may_come_second_where_sums_say_so(tmp_path):
    np.save(tmp_path / "probs.npy", np.moveaxis(PIXELS, -1, 1))
    np.save(tmp_path / "labels.npy", MAP)
    found = open_predictions(tmp_path / "probs.npy")
    np.testing.assert_array_equal(found.predictions.probs[0], PIXELS.reshape(-1, 3))
    assert found.predictions.labels.tolist() == MAP.ravel().tolist()
    assert any("images, classes, height, width: along the second" in note for note in found.notes)


def test_logits_of_pixels_are_asked_about(tmp_path):
    np.save(tmp_path / "p.npy", np.log(PIXELS) * 2)
    with pytest.raises(
        FileRefusal, match=r"along no axis sums of 1: .*choose axes=… and one of 'images, h"
    ) as asked:
        open_predictions(tmp_path / "p.npy")
    question = asked.value.question
    assert question is not None
    assert [option.text.split(": ")[1] for option in question.options] == [
        "40 rows × 3 classes",
        "30 rows × 4 classes",
    ]
    decided = Choices().put("axes", question.options[0].value)
    assert open_predictions(tmp_path / "p.npy", choices=decided).predictions.probs.shape == (1, 40, 3)


def test_pixels_larger_than_memory_are_mapped(tmp_path):
    np.save(tmp_path / "p.npy", PIXELS)
    found = open_predictions(tmp_path / "p.npy", memory=0)
    assert found.source.mapped
    np.testing.assert_array_equal(found.predictions.probs[0], PIXELS.reshape(-1, 3))
    np.save(tmp_path / "p.npy", np.moveaxis(PIXELS, -1, 1))
    with pytest.raises(FileRefusal, match="too large for that: save it with the classes last"):
        open_predictions(tmp_path / "p.npy", memory=0)


def test_labels_that_fit_a_turned_matrix_ask(tmp_path):
    np.savez(tmp_path / "p.npz", probs=STACK[0].T, labels=[0, 1, 2, 0, 1, 2])
    with pytest.raises(
        FileRefusal, match=r"6 labels for 3 rows, as many as .* the axes classes, rows"
    ) as asked:
        open_predictions(tmp_path / "p.npz")
    assert asked.value.question is not None
    found = open_predictions(tmp_path / "p.npz", choices=Choices.of(["axes=classes, rows"]))
    np.testing.assert_array_equal(found.predictions.probs[0], STACK[0])
    assert found.predictions.probs.flags.c_contiguous
    assert "the axes are classes, rows, as chosen" in found.notes


def test_a_stack_in_another_order(tmp_path):
    np.save(tmp_path / "p.npy", STACK.swapaxes(0, 1))
    np.save(tmp_path / "y.npy", np.zeros(6, int))
    with pytest.raises(FileRefusal, match=r"6 labels for 4 rows, as many as .* rows, epochs, classes"):
        open_predictions(tmp_path / "p.npy", tmp_path / "y.npy")
    choices = Choices.of(["axes=rows, epochs, classes"])
    found = open_predictions(tmp_path / "p.npy", tmp_path / "y.npy", choices=choices)
    np.testing.assert_array_equal(found.predictions.probs, STACK)


def test_parts_are_joined(tmp_path):
    for i, rows in enumerate(np.array_split(STACK[0], 4), 1):
        np.save(tmp_path / f"pred_probs.part{i}_of_4.npy", rows)
    np.save(tmp_path / "labels.npy", np.arange(6) % 3)
    found = open_predictions(tmp_path / "pred_probs.part3_of_4.npy")
    np.testing.assert_array_equal(found.predictions.probs[0], STACK[0])
    assert found.predictions.labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert "4 parts, pred_probs.part1_of_4.npy to pred_probs.part4_of_4.npy" in found.notes
    (tmp_path / "pred_probs.part2_of_4.npy").unlink()
    with pytest.raises(FileRefusal, match=r"pred_probs\.part2_of_4\.npy is not beside it"):
        open_predictions(tmp_path / "pred_probs.part1_of_4.npy")


def test_parts_that_hold_their_own_labels(tmp_path):
    for i, rows in enumerate(np.array_split(STACK[0], 2)):
        np.savez(tmp_path / f"p.part{i}_of_2.npz", probs=rows, labels=[i] * 3)
    found = open_predictions(tmp_path / "p.part0_of_2.npz").predictions
    assert found.labels.tolist() == [0, 0, 0, 1, 1, 1]


def test_a_folder_is_a_stack_of_epochs(tmp_path):
    for i in (1, 2, 10, 3):
        np.save(tmp_path / f"epoch_{i}.npy", np.full((6, 3), i / 10))
    np.save(tmp_path / "labels.npy", np.arange(6) % 3)
    (tmp_path / "README").write_text("hello")
    found = open_predictions(tmp_path)
    assert found.predictions.probs[:, 0, 0].tolist() == [0.1, 0.2, 0.3, 1.0]
    assert found.predictions.labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert "4 epochs, epoch_1.npy to epoch_10.npy" in found.notes
    np.save(tmp_path / "epoch_4.npy", np.ones((5, 3)))
    with pytest.raises(
        FileRefusal, match=r"epoch_4\.npy: array: shape \(5, 3\), but \(6, 3\) in the first file"
    ):
        open_predictions(tmp_path)


def test_a_folder_with_one_numbered_file_is_one_epoch(tmp_path):
    np.save(tmp_path / "epoch_1.npy", STACK[0])
    assert "1 epoch, epoch_1.npy to epoch_1.npy" in open_predictions(tmp_path).notes


def test_labels_that_count_from_one_are_asked_about(tmp_path):
    np.savez(tmp_path / "p.npz", probs=STACK[0], labels=[1, 2, 3, 1, 2, 3])
    with pytest.raises(
        FileRefusal, match=r"labels: they run to 3, and the last of 3 classes is 2: count from 0"
    ):
        open_predictions(tmp_path / "p.npz")
    found = open_predictions(tmp_path / "p.npz", choices=Choices.of(["labels=from 1"]))
    assert found.predictions.labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert "labels count from 1, as chosen" in found.notes
    left_out = open_predictions(tmp_path / "p.npz", choices=Choices.of(["labels=none"]))
    assert left_out.predictions.labels.tolist() == [-1] * 6
