"""Good files of every kind, and how each is damaged: the same number, the same damage, on any machine."""

from __future__ import annotations

import gzip
import io
import os
import random
import tempfile
import zipfile
import zlib
from functools import cache
from pathlib import Path

import numpy as np

from lossacc_gui.files import FORMATS
from tests.files.corpus import BARE, LABELLED, P

FRAGILE = tuple(suffix for known in FORMATS if known.fragile for suffix in known.suffixes)
"""Each of these starts a process to be tried in, and so is taken more rarely."""

SPICES = (
    *(b"", b"\0", b"\xff" * 4, b"\xff" * 8, b"\x7f\xff\xff\xff", b"\0\0\0\x80", b"\x00" * 16),
    *(b'"', b",", b"\n", b"\r", b";", b"\t", b"9" * 30, b"-", b"(", b"[" * 40, b"{", b"]", b"}", b"null"),
    *(b"nan", b"1e999", b"PK\1\2", b"PK\5\6", b"\xe9", b"\xef\xbb\xbf", b"|O", b"<f8", b"\x89HDF", b"PAR1"),
)


@cache
def whole() -> tuple[tuple[str, bytes], ...]:
    """The names and bytes of the good files; LOSSACC_FUZZ_ONLY=.h5,.mat takes those kinds alone."""
    only = tuple(filter(None, os.environ.get("LOSSACC_FUZZ_ONLY", "").split(",")))
    found = [("p.npy", _npy(P)), ("p.npy", _npy(np.stack([P, P]).astype("f2"))), ("p.csv", b"0.1\n0.9\n")]
    with tempfile.TemporaryDirectory() as folder:
        for name, make in (*LABELLED.values(), *BARE.values()):
            path = Path(folder) / name
            make(path)
            found.append((name, path.read_bytes()))
    return tuple((name, data) for name, data in found if not only or name.endswith(only))


def damaged(number: int) -> tuple[str, bytes]:
    """The name and bytes of the damaged file of this number; the kinds take turns."""
    files = whole()
    name, data = files[number % len(files)]
    if name.endswith(FRAGILE) and not os.environ.get("LOSSACC_FUZZ_ONLY") and number // len(files) % 8:
        sturdy = [file for file in files if not file[0].endswith(FRAGILE)]
        name, data = sturdy[number * 7 % len(sturdy)]
    dice = random.Random(number)
    if dice.random() < 0.5:  # else the check sums of packed files would catch every damage
        if data[:2] == b"PK":
            return name, _within_zip(data, dice)
        if data[:2] == b"\x1f\x8b":
            return name, gzip.compress(_spoilt(gzip.decompress(data), dice), mtime=0)
        if data[:6] == b"MATLAB" and data[128:132] == b"\x0f\0\0\0":
            return name, _within_mat(data, dice)
    other = dice.choice([content for called, content in files if called == name])
    return name, _spoilt(data, dice, other)


def _spoilt(data: bytes, dice: random.Random, other: bytes = b"") -> bytes:
    """A few bytes flipped, cut, written over or put in; sometimes the head of one on the tail of another."""
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at = dice.randrange(len(made) + 1)
        if dice.random() < 0.4:  # what a file says of itself is at its beginning and end
            at = dice.choice((at % 256, max(0, len(made) - 1 - at % 256)))
        length = dice.choice((0, 1, 1, 1, 2, 4, 8, 64))
        kind = dice.randrange(6)
        if kind == 0 and at < len(made):
            made[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            made[at : at + length] = dice.randbytes(length)
        elif kind == 2:
            spice = dice.choice(SPICES)
            made[at : at + len(spice)] = spice
        elif kind == 3:
            made[at:at] = dice.choice(SPICES)
        elif kind == 4 and dice.random() < 0.3:
            del made[at:]
        else:
            made[at : at + length] = made[at : at + length] * dice.choice((0, 2, 3))
    if other and dice.random() < 0.1:
        made[len(made) // 2 :] = other[len(other) // 2 :]
    return bytes(made)


def _within_zip(data: bytes, dice: random.Random) -> bytes:
    """An archive that is sound, with a member that is not."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        bad = dice.choice(names)
        for name in names:
            content = old.read(name)
            new.writestr(zipfile.ZipInfo(name), _spoilt(content, dice) if name == bad else content)
    return out.getvalue()


def _within_mat(data: bytes, dice: random.Random) -> bytes:
    """A MATLAB file whose first packed variable is spoilt within its packing."""
    length = int.from_bytes(data[132:136], "little")
    try:
        inner = _spoilt(zlib.decompress(data[136 : 136 + length]), dice)
    except zlib.error:
        return _spoilt(data, dice)
    packed = zlib.compress(inner)
    return data[:132] + len(packed).to_bytes(4, "little") + packed + data[136 + length :]


def _npy(values: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, values)
    return file.getvalue()
