"""Decimal numbers of a text, all at once and right to the last bit, with nothing but numpy.

Eight digits at a time become a number, as bytes of one word that is multiplied; the parts are put together in extended
precision, eleven bits wider than a float64. What then lies so near to the middle between two float64 that the last
of those bits decide, and what is written in any other way, is left to Python's own float.
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Places = NDArray[np.intp]
Words = NDArray[np.uint64]

PAD = 32
"""Bytes that must follow the last number: words are read beyond its end."""

WORKS = sys.byteorder == "little" and np.finfo(np.longdouble).nmant >= 63

_BATCH = 1 << 14
"""Numbers read at a time: the cache holds what is made of them."""

_MOST_WHOLE, _MOST_PARTS, _MOST_POWER = 8, 24, 280
_SURE = 0.5 - 8 / 2048
"""In steps of the float64: a wider result that is farther off than this, of at most 0.5, may belong to the next."""

_ZEROS = np.uint64(0x3030303030303030)
_KEEP = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
_TENS = 10 ** np.arange(9, dtype=np.uint64)
_POWERS = (
    np.array([f"1e{power}" for power in range(_MOST_POWER + 1)], np.longdouble) if WORKS else np.empty(0)
)


def decimals(text: Bytes, starts: Places, ends: Places) -> NDArray[np.float64]:
    """The numbers at these places of a text, ascending, of which ``PAD`` bytes follow the last.

    Raises ValueError for the first that is none; underscores, which Python allows, are no part of one.
    """
    found = np.empty(len(starts))
    for begin in range(0, len(starts), _BATCH):
        some = slice(begin, begin + _BATCH)
        at, end = starts[some], ends[some]
        found[some] = _decimals(text[at[0] : end[-1] + PAD], at - at[0], end - at[0])
    return found


def _decimals(text: Bytes, starts: Places, ends: Places) -> NDArray[np.float64]:
    sign = text[starts]
    first = starts + ((sign == ord("-")) | (sign == ord("+")))
    power, last = _powers(text, first, ends)
    dot = _dots(text, first, last)
    whole, parts = dot - first, np.maximum(last - dot - 1, 0)
    plain = (whole >= 0) & (whole <= _MOST_WHOLE) & (parts <= _MOST_PARTS) & (whole + parts > 0)
    plain &= abs(power) <= _MOST_POWER
    words = np.ndarray((len(text) - 7,), "<u8", text, strides=(1,))
    whole, parts = np.where(plain, whole, 0), np.where(plain, parts, 0)
    units, good = _digits(words, first, whole)
    plain &= good
    found = [units // _TENS[8 - whole]]
    for begin in (0, 8, 16):
        value, good = _digits(words, dot + 1 + begin, np.clip(parts - begin, 0, 8))
        plain &= good
        found.append(value)
    result, sure = _rounded(found, power)
    for at in np.flatnonzero(~(plain & sure)).tolist():
        result[at] = abs(_float(text[first[at] : ends[at]].tobytes()))
    return np.copysign(result, np.where(sign == ord("-"), -1.0, 1.0))


def _powers(text: Bytes, first: Places, ends: Places) -> tuple[Places, Places]:
    """The power of ten of each number, as in 1e-05 and 1e-100, and where its digits end."""
    power, last = np.zeros(len(first), np.intp), ends.copy()
    for length in (4, 5):
        at = np.flatnonzero(ends - length > first)
        at = at[(text[ends[at] - length] | 32) == ord("e")]
        begin = ends[at] - length + 1
        digits = [text[begin + place].astype(np.intp) - ord("0") for place in range(1, length - 1)]
        good = (text[begin] == ord("-")) | (text[begin] == ord("+"))
        value = np.zeros(len(at), np.intp)
        for digit in digits:
            good &= (digit >= 0) & (digit <= 9)
            value = value * 10 + digit
        at, value, begin = at[good], value[good], begin[good]
        power[at], last[at] = np.where(text[begin] == ord("-"), -value, value), begin - 1
    return power, last


def _dots(text: Bytes, first: Places, last: Places) -> Places:
    """Where the decimal point of each number is, or the end of its digits: mostly behind the first of them."""
    dot = first + 1
    others = np.flatnonzero((text[dot] != ord(".")) | (dot >= last))
    if len(others):
        every = np.append(np.flatnonzero(text == ord(".")), len(text))
        dot[others] = np.minimum(every[np.searchsorted(every, first[others])], last[others])
    return dot


def _digits(words: Words, starts: Places, counts: Places) -> tuple[Words, NDArray[np.bool_]]:
    """So many digits from each place on, up to eight, followed by zeros to make it eight; and where all are digits."""
    keep = _KEEP[counts]
    word = ((words[np.minimum(starts, len(words) - 1)] & keep) | (_ZEROS & ~keep)) ^ _ZEROS
    good = ((word + np.uint64(0x7676767676767676)) | word) & np.uint64(0x8080808080808080) == 0
    pairs = (word * np.uint64(2561) >> np.uint64(8)) & np.uint64(0x00FF00FF00FF00FF)
    fours = (pairs * np.uint64(6553601) >> np.uint64(16)) & np.uint64(0x0000FFFF0000FFFF)
    return fours * np.uint64(42949672960001) >> np.uint64(32), good


def _rounded(found: list[Words], power: Places) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Digits before the point and three times eight behind it, as float64, and which of these are surely right.

    Each of the six steps in extended precision is off by half of its last bit at most, and so is a power of ten.
    """
    units, *parts = found
    high = (parts[0] * _TENS[8] + parts[1]).astype(np.longdouble)
    wide = (high * _POWERS[8] + parts[2]) / _POWERS[24] + units
    small, large = np.flatnonzero(power < 0), np.flatnonzero(power > 0)
    wide[small] /= _POWERS[np.minimum(-power[small], _MOST_POWER)]
    wide[large] *= _POWERS[np.minimum(power[large], _MOST_POWER)]
    result = wide.astype(np.float64)
    off = abs(wide - result).astype(np.float64)
    sure = off <= _SURE * np.spacing(result)
    sure &= (off == 0) | (np.frexp(result)[0] != 0.5)  # below a power of two they stand closer
    return result, sure & ((result == 0) | ((result > 1e-290) & (result < 1e290)))


def _float(written: bytes) -> float:
    if b"_" in written or written[:1] in (b"+", b"-"):
        raise ValueError
    return float(written)
