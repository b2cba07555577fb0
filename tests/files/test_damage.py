"""Files damaged at random: each opens or is refused in one sentence; none crashes, hangs or grows."""

from __future__ import annotations

import io
import tempfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.files import FileRefusal, open_labels, open_predictions, save_predictions
from tests.thorough import examples

P = Predictions.of(np.random.default_rng(0).random((4, 3)), [0, 1, 2, -1], ["a", "b, c", "d"])


def whole(suffix: str) -> bytes:
    if suffix == ".npy":
        file = io.BytesIO()
        np.save(file, P.probs[0])
        return file.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        save_predictions(Path(folder) / f"p{suffix}", P)
        return (Path(folder) / f"p{suffix}").read_bytes()


WHOLE = {suffix: whole(suffix) for suffix in (".npy", ".npz", ".csv")}
SPICES = st.sampled_from(
    [
        b"",
        b"\0",
        b"\xff\xff\xff\xff",
        b'"',
        b",",
        b"\n",
        b"\r",
        b";",
        b"9" * 30,
        b"-",
        b"(",
        b"PK\1\2",
        b"\xe9",
        b"|O",
    ]
)


@st.composite
def damaged(draw: st.DrawFn, suffix: str) -> bytes:
    data = bytearray(WHOLE[suffix])
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from([0, 1, 1, 2, 4, 16, len(data)]))
        data[start : start + length] = draw(st.one_of(st.binary(max_size=8), SPICES))
    return bytes(data)


@pytest.mark.parametrize("suffix", WHOLE)
@examples(150)
@given(data=st.data())
def test_damaged_files_open_or_are_refused(suffix, data):
    broken = data.draw(damaged(suffix))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"p{suffix}"
        path.write_bytes(broken)
        tracemalloc.start()
        try:
            for door in (open_predictions, lambda path: open_labels(path, P)):
                try:
                    door(path)
                except FileRefusal as refused:
                    said = str(refused)
                    assert said.startswith(f"{path}: ")
                    assert said.isprintable()
                    assert len(said) < len(folder) + 700
            assert tracemalloc.get_traced_memory()[1] < 32 << 20
        finally:
            tracemalloc.stop()
