"""The conventions and their presets."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from lossacc_gui.core.convention import (
    DTYPE_EPS,
    LOG_CLAMP,
    PRESETS,
    Base,
    Convention,
    Divisor,
    Reduction,
    Rows,
    preset,
)
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.rows import row_stats


def test_what_the_presets_are():
    assert {known.key: known.convention for known in PRESETS} == {
        "by_hand": Convention(Rows.AS_TYPED, 0.0, False, Base.NATS, Reduction.MEAN),
        "sklearn": Convention(Rows.AS_TYPED, DTYPE_EPS),
        "sklearn_1_4": Convention(Rows.NORMALISED, DTYPE_EPS, clip_first=True),
        "kaggle": Convention(Rows.NORMALISED, 1e-15, clip_first=True),
        "keras": Convention(Rows.NORMALISED, 1e-7, divisor=Divisor.ROWS),
        "keras_evaluate": Convention(Rows.NORMALISED, 1e-7, single=True, divisor=Divisor.ROWS),
        "pytorch_logits": Convention(Rows.LOGITS),
        "pytorch_nll": Convention(Rows.AS_TYPED),
        "pytorch_bce": Convention(Rows.AS_TYPED, LOG_CLAMP),
    }
    assert all(known.title and known.agrees for known in PRESETS)


@pytest.mark.parametrize("key", ["by_hand", "sklearn", "keras", "pytorch_logits"])
def test_a_preset_is_known_whatever_its_unit(key):
    chosen = preset(key)
    bits = Convention(chosen.rows, chosen.clip, chosen.clip_first, Base.BITS, Reduction.SUM)
    assert chosen.key == bits.key == key


def test_a_preset_brings_its_divisor_and_leaves_unit_weights_and_bins():
    now = Convention(base=Base.BITS, reduction=Reduction.SUM, weights=(1.0, 2.0), bins=20, temperature=2.0)
    keras = now.as_preset(preset("keras"))
    assert keras == replace(
        preset("keras"), base=Base.BITS, reduction=Reduction.SUM, weights=(1.0, 2.0), bins=20
    )
    assert keras.divisor is Divisor.ROWS
    assert keras.as_preset(preset("sklearn")).divisor is Divisor.WEIGHTS
    assert keras.key == "keras"


def test_any_other_convention_is_custom():
    assert Convention(clip=1e-3).key == "custom"
    assert Convention(Rows.NORMALISED, 1e-7, clip_first=True).key == "custom"


def test_an_unknown_preset_is_refused_and_the_known_ones_listed():
    with pytest.raises(Refusal, match="convention: 'torch' is unknown: use one of by_hand, sklearn, "):
        preset("torch")


@pytest.mark.parametrize("clip", [-1e-9, 0.5, 1.0, float("nan"), float("inf"), -2.0])
def test_a_clip_that_is_none_is_refused(clip):
    with pytest.raises(Refusal, match="clip"):
        Convention(clip=clip)


def test_the_epsilon_of_the_dtype():
    assert preset("sklearn").eps(np.dtype(np.float64)) == 2.0**-52
    assert preset("sklearn").eps(np.dtype(np.float32)) == 2.0**-23
    assert preset("sklearn").eps(np.dtype(np.float16)) == 2.0**-10
    assert preset("keras").eps(np.dtype(np.float16)) == 1e-7


def test_logits_are_never_clipped():
    assert preset("keras").clips
    assert preset("sklearn").clips
    assert not preset("by_hand").clips
    assert not Convention(Rows.LOGITS, clip=1e-7).clips


def test_a_bound_of_the_logarithm_clips_no_cell_first():
    clamped = Convention(Rows.NORMALISED, clip=LOG_CLAMP, clip_first=True)
    assert not clamped.clips_first
    assert row_stats(np.array([[0.0, 1.0, 0.5]]), np.array([0], np.int32), clamped).loss.tolist() == [100.0]


nan, inf = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("where", "wrong"),
    [
        *(("label smoothing", {"smoothing": value}) for value in (-0.1, 1.0, nan, inf)),
        *(("temperature", {"temperature": value}) for value in (0.0, -1.0, nan, inf)),
        *(("bins", {"bins": value}) for value in (0, -1, 1001)),
        *(("class weights, class 2", {"weights": (1.0, value)}) for value in (-0.5, nan, inf, 1e101, 1e-101)),
        ("class weights", {"weights": (0.0, 0.0)}),
    ],
)
def test_what_is_none_is_refused_with_a_remedy(where, wrong):
    with pytest.raises(Refusal) as caught:
        Convention(**wrong)
    assert caught.value.where == where
    assert caught.value.remedy


OTHER: dict[str, Any] = {
    "rows": Rows.NORMALISED,
    "clip": 1e-3,
    "clip_first": True,
    "base": Base.BITS,
    "reduction": Reduction.SUM,
    "smoothing": 0.1,
    "temperature": 2.0,
    "single": True,
    "weights": (1.0, 2.0),
    "divisor": Divisor.ROWS,
    "bins": 10,
}
"""Another value for every field."""


@pytest.mark.parametrize("name", [field.name for field in fields(Convention)])
def test_how_rows_become_one_touches_no_row(name):
    changed = Convention(**{name: OTHER[name]})
    summed = name in ("base", "reduction", "weights", "divisor")
    assert changed.same_rows(Convention()) == Convention().same_rows(changed) == summed
    assert Convention().summed_as(changed) == (changed if summed else Convention())


def test_weights_for_another_number_of_classes_are_dropped():
    weighted = Convention(clip=1e-7, weights=(1.0, 2.0))
    assert weighted.for_classes(2) is weighted
    assert weighted.for_classes(3) == Convention(clip=1e-7)
    assert Convention().for_classes(3) == Convention()
