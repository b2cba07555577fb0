"""Classes are found by a part of their name, the likeliest first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.labelling import fitting

NAMES = ("red fox", "ox", "box turtle", "arctic_fox", "7", "foxhound", "roxy ox")


def found(text: str) -> list[str]:
    return [NAMES[place] for place in fitting(NAMES, text)]


def test_beginnings_come_before_words_and_words_before_the_rest():
    assert found("fox") == ["foxhound", "red fox", "arctic_fox"]
    assert found("OX") == ["ox", "roxy ox", "red fox", "box turtle", "arctic_fox", "foxhound"]
    assert found("zebra") == []
    assert found("") == list(NAMES)


@given(st.lists(st.text(max_size=6), max_size=8), st.text(max_size=3))
def test_every_class_that_has_the_text_is_found_once(names, text):
    has = [i for i, name in enumerate(names) if text.strip().lower() in name.lower()]
    assert sorted(fitting(names, text)) == has
