"""Archives of arrays: which array is taken for what, and which archives are not believed."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest

from lossacc_gui.files import FileRefusal, Progress, Stopped, open_predictions

P = np.array([[0.2, 0.8], [0.5, 0.5], [0.9, 0.1]])
Y = np.array([1, 0, 0])


def opened(tmp_path, **arrays):
    np.savez(tmp_path / "p.npz", **arrays)
    return open_predictions(tmp_path / "p.npz")


def refusal(tmp_path, data: bytes, match: str) -> str:
    (tmp_path / "p.npz").write_bytes(data)
    with pytest.raises(FileRefusal, match=match) as refused:
        open_predictions(tmp_path / "p.npz")
    assert str(refused.value).startswith(f"{tmp_path / 'p.npz'}: ")
    return str(refused.value)


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def npy(array: np.ndarray, **options: bool) -> bytes:
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


@pytest.mark.parametrize("probs", ["pred_probs", "Probs", "y_prob", "logits", "softmax", "pyx"])
@pytest.mark.parametrize("labels", ["labels", "y_true", "Target", "ground_truth", "class"])
@pytest.mark.parametrize("names", ["class_names", "classes"])
def test_arrays_are_recognised_by_name(tmp_path, probs, labels, names):
    found = opened(tmp_path, **{probs: P, labels: Y, names: np.array(["a", "b"])})
    np.testing.assert_array_equal(found.predictions.probs[0], P)
    assert found.predictions.labels.tolist() == [1, 0, 0]
    assert found.predictions.class_names == ("a", "b")
    assert found.notes == (f"labels from array '{labels}' in the same file",)
    assert found.source.labels_path == ""


def test_the_only_matrix_is_taken_and_said(tmp_path):
    found = opened(tmp_path, arr_0=P, arr_1=Y, ids=[7, 8, 9])
    assert "predictions from array 'arr_0', the only matrix of floats" in found.notes
    assert "arrays left out: 'ids'" in found.notes


def test_several_matrices_are_asked_about(tmp_path):
    with pytest.raises(FileRefusal, match=r"several matrices of floats among 'a', 'b': call .*'pred_probs'"):
        opened(tmp_path, a=P, b=P)
    with pytest.raises(FileRefusal, match="no matrix of floats among 'a'"):
        opened(tmp_path, a=Y)


def test_probabilities_are_preferred_to_an_argmax(tmp_path):
    assert opened(tmp_path, y_pred=Y, scores=P).predictions.probs.shape == (1, 3, 2)
    np.testing.assert_allclose(opened(tmp_path, y_score=P[:, 1]).predictions.probs[0], P)


def test_text_labels_give_sorted_names(tmp_path):
    found = opened(tmp_path, probs=P, labels=np.array(["dog", "cat", ""])).predictions
    assert found.class_names == ("cat", "dog")
    assert found.labels.tolist() == [1, 0, -1]


def test_class_names_may_be_bytes_and_must_be_as_many_as_classes(tmp_path):
    assert opened(tmp_path, probs=P, classes=np.array([b"a", b"b"])).predictions.class_names == ("a", "b")
    found = opened(tmp_path, probs=P, classes=np.array(["a", "b", "c"]))
    assert found.predictions.class_names == ("0", "1")
    assert any("cannot name 2 classes" in note for note in found.notes)


def test_compressed_archives_and_folders_inside(tmp_path):
    np.savez_compressed(tmp_path / "p.npz", probs=P, labels=Y)
    np.testing.assert_array_equal(open_predictions(tmp_path / "p.npz").predictions.probs[0], P)
    (tmp_path / "p.npz").write_bytes(zipped({"probs.npy": npy(P), "read me.txt": b"hello"}))
    assert "arrays left out: 'read me.txt'" in open_predictions(tmp_path / "p.npz").notes


def test_objects_are_refused_with_the_recipe(tmp_path):
    data = zipped({"probs.npy": npy(P.astype(object), allow_pickle=True)})
    assert "allow_pickle=True" in refusal(tmp_path, data, "array 'probs': .*pickled objects")
    data = zipped({"probs.npy": npy(P), "labels.npy": npy(Y.astype(object), allow_pickle=True)})
    refusal(tmp_path, data, "array 'labels': .*pickled objects")


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_refused(tmp_path, compression):
    refusal(tmp_path, zipped({"probs.npy": npy(P)}, compression), "its compression is unknown")


def test_no_archive_and_an_empty_one(tmp_path):
    for data in (b"", b"PK", b"nothing of the kind" * 10):
        refusal(tmp_path, data, "it is damaged, or no zip archive: copy it again")
    refusal(tmp_path, zipped({}), "no matrix of floats, as there is no array")
    refusal(tmp_path, zipped({"a.npy": b"no array"}), "array 'a': this is not an array")


def test_a_header_that_disagrees_with_the_archive_is_refused(tmp_path):
    refusal(tmp_path, zipped({"probs.npy": npy(P)[:-8]}), "its header claims 48 bytes, the archive holds 40")
    refusal(
        tmp_path, zipped({"probs.npy": npy(P) + b"x"}), "its header claims 48 bytes, the archive holds 49"
    )


def test_a_bomb_is_refused_before_it_goes_off(tmp_path):
    rows = 1 << 22
    head = npy(np.lib.stride_tricks.as_strided(np.zeros(1), (1, 2), (0, 0)))[:128]
    head = head.replace(b"(1, 2), }" + b" " * 6, f"({rows}, 2), }}".encode())
    bomb = zipped({"probs.npy": head + bytes(rows * 16)})
    assert len(bomb) < 100_000
    (tmp_path / "p.npz").write_bytes(bomb)
    tracemalloc.start()
    try:
        with pytest.raises(FileRefusal, match=r"0\.1 GiB are too much to be read into memory: .*\.npy"):
            open_predictions(tmp_path / "p.npz", memory=rows * 16)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    assert open_predictions(tmp_path / "p.npz", memory=rows * 64).predictions.rows == rows


def test_thousands_of_arrays_are_refused(tmp_path):
    refusal(tmp_path, zipped({f"{i}.npy": b"" for i in range(1001)}), "more arrays than predictions need")


def test_damage_inside_an_array_is_refused(tmp_path):
    np.savez_compressed(tmp_path / "p.npz", probs=np.random.default_rng(1).random((500, 3)))
    data = bytearray((tmp_path / "p.npz").read_bytes())
    data[3000:3010] = bytes(10)
    refusal(tmp_path, bytes(data), "array 'probs': it is damaged")


def test_an_encrypted_archive_is_refused(tmp_path):
    data = bytearray(zipped({"probs.npy": npy(P)}))
    for at in (data.index(b"PK\3\4") + 6, data.index(b"PK\1\2") + 8):
        data[at] |= 1
    refusal(tmp_path, bytes(data), "it is encrypted")


def test_stop_stops(tmp_path):
    np.savez(tmp_path / "p.npz", probs=P)
    with pytest.raises(Stopped):
        open_predictions(tmp_path / "p.npz", progress=Progress(stop=lambda: True))


@pytest.mark.parametrize(
    "names", [("probs", "logits"), ("pred_probs", "Pred_Probs", "x"), ("y_prob", "y_score")]
)
def test_two_arrays_of_predictions_are_asked_about(tmp_path, names):
    for array in (P, P[:, 1]):
        with pytest.raises(
            FileRefusal, match=f"archive: '{names[0]}', '{names[1]}' may each be .*'pred_probs'"
        ):
            opened(tmp_path, **dict.fromkeys(names, array))


def test_pred_probs_is_sure(tmp_path):
    found = opened(tmp_path, logits=1 - P, pred_probs=P)
    np.testing.assert_array_equal(found.predictions.probs[0], P)
    assert "arrays left out: 'logits'" in found.notes


@pytest.mark.parametrize(
    ("classes", "labels", "codes"),
    [
        ([1, 2], [1, 2, 2], [0, 1, 1]),
        ([1, 2], [1, 1, 1], [0, 0, 0]),
        ([1, 0], [1, 0, 0], [0, 1, 1]),
        ([1, 2], [1, -1, 2], [0, -1, 1]),
        ([-1, 1], [-1, 1, -1], [0, 1, 0]),
        ([10.0, 20.0], [10, np.nan, 20], [0, -1, 1]),
        ([1, 2], ["1", "", "2"], [0, -1, 1]),
    ],
)
def test_labels_are_values_of_numeric_classes(tmp_path, classes, labels, codes):
    found = opened(tmp_path, probs=P, classes=classes, labels=labels)
    assert found.predictions.labels.tolist() == codes
    assert found.predictions.class_names == tuple(map(str, classes))
    assert any(note.startswith("labels were read as values of the classes") for note in found.notes)
    np.savez(tmp_path / "p.npz", probs=P, classes=classes)
    np.save(tmp_path / "labels.npy", labels)
    beside = open_predictions(tmp_path / "p.npz", tmp_path / "labels.npy")
    assert beside.predictions.labels.tolist() == codes


def test_labels_that_are_no_values_of_the_classes_are_positions(tmp_path):
    found = opened(tmp_path, probs=P, classes=[10, 20], labels=[0, 1, 1])
    assert found.predictions.labels.tolist() == [0, 1, 1]
    assert any(note.startswith("labels were read as positions among the classes") for note in found.notes)
    plain = opened(tmp_path, probs=P, classes=[0, 1], labels=[0, 1, 1])
    assert plain.notes == ("labels from array 'labels' in the same file",)
    names = opened(tmp_path, probs=P, class_names=["2", "1"], labels=[0, 1, 1])  # as saved here
    assert names.predictions.labels.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("name", "called"), [("class_names", "names"), ("classes", "names"), ("y", "labels")]
)
def test_the_recipe_for_objects_is_one_for_texts(tmp_path, name, called):
    texts = npy(np.array(["a", "b"], object), allow_pickle=True)
    said = refusal(tmp_path, zipped({"probs.npy": npy(P), f"{name}.npy": texts}), "pickled objects")
    assert f"np.asarray({called}, dtype=str)" in said
    assert "pred_probs" not in said


@pytest.mark.parametrize("extended", [False, True])
def test_a_table_of_contents_that_claims_to_be_huge_is_not_read(tmp_path, extended):
    size = 200 << 20
    with (tmp_path / "p.npz").open("wb") as file:
        file.truncate(size)  # a hole, which takes no room
        file.seek(size)
        if extended:
            file.write(struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, 0))
            file.write(struct.pack("<4sLQL", b"PK\6\7", 0, size, 1))
        claimed = 100 if extended else size
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, claimed, 0, 0))
    tracemalloc.start()
    try:
        with pytest.raises(FileRefusal, match="archive: more arrays than predictions need"):
            open_predictions(tmp_path / "p.npz")
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_sample_weights_that_are_not_used_are_said(tmp_path):
    np.savez(tmp_path / "w.npz", probs=[[0.2, 0.8], [0.6, 0.4]], labels=[1, 0], sample_weight=[1.0, 2.0])
    opened = open_predictions(tmp_path / "w.npz")
    assert any("weighted by array 'sample_weight'" in note for note in opened.notes)


def test_texts_with_codes_beyond_unicode_are_refused(tmp_path):
    path = tmp_path / "p.npz"
    names = np.array(["ab", "c"])
    names.view(np.uint32)[1] = 0x110000
    np.savez(path, pred_probs=np.full((1, 2), 0.5), class_names=names)
    with pytest.raises(FileRefusal, match="array 'class_names': it holds a character no text has"):
        open_predictions(path)
