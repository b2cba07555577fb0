"""How numbers are written, and which writings are understood."""

from __future__ import annotations

from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import (
    Form,
    brief,
    number,
    parse_number,
    rows,
    share,
    shortened,
    signed,
    written,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.93780, 4, "0.9378"),
        (-0.5, 2, "−0.50"),
        (0.0, 4, "0.0000"),
        (-0.0, 4, "0.0000"),
        (3e-17, 4, "3e-17"),
        (-3e-17, 4, "−3e-17"),
        (0.00004, 4, "4e-05"),
        (0.00006, 4, "0.0001"),
        (0.5, 0, "0.5"),
        (2.0, 0, "2"),
        (1234567.0, 4, "1.235e+06"),
        (inf, 4, "∞"),
        (-inf, 4, "−∞"),
        (nan, 4, "–"),
        (None, 4, "–"),
    ],
)
def test_number(value, decimals, text):
    assert number(value, decimals) == text


@given(st.floats(), st.integers(0, 9))
def test_a_number_is_written_as_0_only_when_it_is(value, decimals):
    text = number(value, decimals)
    assert "inf" not in text
    assert "nan" not in text
    if not isnan(value) and abs(value) != inf:
        assert (float(text.replace("−", "-")) == 0) == (value == 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.25, "+0.2500"),
        (-0.25, "−0.2500"),
        (0.0, "±0.0000"),
        (-0.0, "±0.0000"),
        (3e-17, "+3e-17"),
        (inf, "+∞"),
        (-inf, "−∞"),
        (nan, "–"),
        (None, "–"),
    ],
)
def test_signed(value, text):
    assert signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "100.0%"),
        (0.0, "0.0%"),
        (1 / 3, "33.3%"),
        (0.9999, "99.99%"),
        (0.99996, "99.996%"),
        (1e-5, "0.001%"),
        (4_999_999 / 5_000_000, "99.99998%"),
        (None, "–"),
        (nan, "–"),
    ],
)
def test_share(value, text):
    assert share(value) == text


@given(st.integers(1, 5_000_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_is_100_only_when_it_is_all_and_0_only_when_it_is_none(of):
    count, total = of
    text = share(count / total)
    assert (float(text[:-1]) == 100) == (count == total)
    assert (float(text[:-1]) == 0) == (count == 0)


def test_rows():
    assert [rows(count) for count in (0, 1, 2, 50_000)] == ["0 rows", "1 row", "2 rows", "50,000 rows"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.25", 0.25),
        (" 0,25 ", 0.25),
        ("25%", 0.25),
        ("1/4", 0.25),
        ("−0.5", -0.5),
        ("-0.5", -0.5),
        ("inf", inf),
        ("∞", inf),
        ("−∞", -inf),
        ("1e-3", 0.001),
        ("50 %", 0.5),
        (".5", 0.5),
        ("1/0.5", 2.0),
    ],
)
def test_what_is_typed_is_understood(text, value):
    assert parse_number(text) == value


def test_nan_can_be_typed():
    assert isnan(parse_number("NaN"))


@pytest.mark.parametrize("text", ["", "half", "1/0", "1,000.5", "1/2/3", "%", "--1"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(Refusal, match="is no number: type one such as"):
        parse_number(text)


def test_a_long_name_is_shortened():
    assert shortened("a" * 24) == "a" * 24
    assert shortened("a" * 25) == "a" * 23 + "…"
    assert shortened("name with blanks", 6) == "name…"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.3, "0.30"),
        (0.3125, "0.3125"),
        (2.0, "2.00"),
        (-0.5, "−0.50"),
        (3e-17, "3e-17"),
        (inf, "∞"),
        (None, "–"),
    ],
)
def test_brief(value, text):
    assert brief(value) == text


def test_brief_adds_no_decimals_to_what_has_fewer():
    assert (brief(0.3, 1), brief(2.0, 0)) == ("0.3", "2")


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.5, Form.DECIMALS, "0.5000"),
        (0.5, Form.PERCENT, "50.00%"),
        (-0.5, Form.PERCENT, "−50.00%"),
        (1e-9, Form.PERCENT, "1e-07%"),
        (0.5, Form.SCIENTIFIC, "5.00e-01"),
        (-1234.5, Form.SCIENTIFIC, "−1.23e+03"),
        (0.0, Form.SCIENTIFIC, "0.00e+00"),
        (inf, Form.PERCENT, "∞"),
        (-inf, Form.SCIENTIFIC, "−∞"),
        (nan, Form.SCIENTIFIC, "–"),
    ],
)
def test_a_number_in_another_form(value, form, text):
    assert written(value, 4, form) == text


@given(st.floats(1e-9, 1e3), st.integers(0, 9))
def test_one_more_decimal_never_says_fewer_digits(value, decimals):
    def digits(text):
        return len(text.split("e")[0].replace(".", "").lstrip("0"))

    assert digits(number(value, max(decimals, 4) + 1)) >= digits(number(value, max(decimals, 4)))
