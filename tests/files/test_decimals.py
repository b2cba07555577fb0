"""Decimal numbers read all at once are those Python reads, to the last bit."""

from __future__ import annotations

import random
import struct
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.files import decimals as module
from lossacc_gui.files.decimals import PAD, WORKS, decimals

pytestmark = pytest.mark.skipif(
    not WORKS, reason="needs numbers wider than float64, which this machine has not"
)


def read(texts: list[str]) -> np.ndarray:
    data = np.frombuffer(",".join([*texts, ""]).encode() + b" " * PAD, np.uint8)
    ends = np.flatnonzero(data == ord(","))
    return decimals(data, np.append(0, ends[:-1] + 1), ends)


def check(texts: list[str]) -> None:
    found, meant = read(texts).tolist(), list(map(float, texts))
    wrong = [text for text, one, other in zip(texts, found, meant, strict=True) if repr(one) != repr(other)]
    assert wrong == []


@given(st.lists(st.floats(), min_size=1, max_size=30))
def test_every_float_is_read_as_it_is_written(values):
    check(list(map(repr, values)))


DIGITS = st.text("0123456789", max_size=26)


@given(
    st.lists(
        st.builds(
            "{}{}{}{}{}".format,
            st.sampled_from(["", "-", "+"]),
            DIGITS.filter(bool),
            st.sampled_from(["", "."]),
            DIGITS,
            st.sampled_from(["", "e5", "E+05", "e-07", "e-12", "e-300", "e+280", "e-290", "e0"]),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_every_decimal_is_read_as_python_reads_it(texts):
    check(texts)


@pytest.mark.parametrize("places", [17, 18, 19, 20, 22, 24])
def test_decimals_next_to_the_middle_between_two_floats(places):
    dice = random.Random(places)
    texts = []
    for _ in range(2000):
        value = dice.random()
        middle = (Fraction(value) + Fraction(np.nextafter(value, 2).item())) / 2
        texts.append(f"0.{int(middle * 10**places) + dice.choice((-1, 0, 1)):0{places}d}")
    check(texts)


def test_floats_of_any_bits_and_powers_of_two():
    dice = random.Random(2)
    check([repr(struct.unpack("d", dice.randbytes(8))[0]) for _ in range(20_000)])
    check([repr(value) for k in range(-1070, 1023) for value in (2.0**k, np.nextafter(2.0**k, 0).item())])


def test_what_python_allows_and_what_it_does_not():
    check(["0", "-0", "5.", ".5", "+.5", " 0.5", "0.5 ", "nan", "-inf", "Infinity", "1e5", "00.5", "1.e3"])
    for text in (
        "",
        ".",
        "-",
        "1_0",
        "x",
        "--1",
        "+-1",
        "1e",
        "0x1",
        "1..2",
        "1.2.3",
        "1 2",
        "e-05",
        "-.e-05",
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever float says
            read(["0.5", text, "1"])


def test_common_numbers_need_no_second_look(monkeypatch):
    """Else nothing is gained by reading them at once."""
    slow: list[bytes] = []

    def slowly(text: bytes) -> float:
        slow.append(text)
        return float(text)

    monkeypatch.setattr(module, "_float", slowly)
    draw = np.random.default_rng(1)
    values = np.concatenate([draw.random(5000), 10 ** draw.uniform(-30, 0, 5000), draw.normal(0, 10, 5000)])
    check(list(map(repr, values.tolist())))
    assert len(slow) < 0.02 * len(values)
