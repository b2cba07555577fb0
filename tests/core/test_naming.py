"""How classes are called: cut, and never like another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.naming import called, cut

CATS = (
    "European domestic shorthair cat, young",
    "European domestic shorthair cat, old",
    "European domestic longhair cat, young",
    "fox",
)


@pytest.mark.parametrize(
    ("names", "index", "most", "said"),
    [
        (("7", "8"), 0, 24, "class 7"),
        (("cat", "dog"), 1, 24, "dog"),
        (("a" * 30, "dog"), 0, 24, "a" * 23 + "…"),
        (CATS, 0, 16, "Europe…shor…oung"),
        (CATS, 1, 24, "European domesti…old"),
        (CATS, 2, 16, "Euro…longhair…"),
        (
            ("resnet_block_of_layer_01_output", "resnet_block_of_layer_02_output"),
            1,
            20,
            "resnet_blo…02_output",
        ),
    ],
)
def test_how_a_class_is_called(names, index, most, said):
    assert called(names, index, most) == said


word = st.text(st.sampled_from("abcdefgh "), min_size=1, max_size=4)


@given(
    st.text("xyz ", min_size=0, max_size=40),
    st.lists(word, min_size=2, max_size=8, unique=True),
    st.text("uvw ", min_size=0, max_size=40),
    st.integers(16, 40),
)
def test_names_that_differ_stay_different(before, middles, after, most):
    """They share what comes before and after; what differs is short enough to be shown."""
    wide = max(map(len, middles))
    names = tuple(f"{before}<{middle.ljust(wide, '_')}>{after}" for middle in middles)
    said = [cut(name, most, names) for name in names]
    assert all(len(text) <= most for text in said)
    assert len(set(said)) == len(said)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=6), st.integers(5, 30))
def test_a_name_is_never_longer_than_it_may_be(names, most):
    for name in names:
        assert len(cut(name, most, tuple(names))) <= most
