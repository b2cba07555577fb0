"""What is remembered comes back, and no settings file can do harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from lossacc_gui.session.settings import Passing, Settings


def settings_file() -> Path:
    store = Settings()
    store.put("x", 1)
    store.save()
    return Path(store._store.fileName())


def test_the_file_lies_in_the_test_s_own_folder(tmp_path):
    assert settings_file().is_relative_to(tmp_path)


def test_what_was_put_comes_back_in_another_run():
    store = Settings()
    store.put("theme", "dark")
    store.put("decimals", 6)
    store.put("geometry", QByteArray(b"\x00\x01\xff"))
    store.save()
    again = Settings()
    assert again.text("theme", "light") == "dark"
    assert again.whole("decimals", 4, 0, 12) == 6
    assert again.bytes("geometry").data() == b"\x00\x01\xff"


def test_what_was_never_put_has_its_default():
    store = Settings()
    assert store.text("theme", "light") == "light"
    assert store.whole("decimals", 4, 0, 12) == 4
    assert store.bytes("geometry").isEmpty()


@pytest.mark.parametrize(
    ("written", "read"), [("7", 7), ("-3", 0), ("99", 12), ("four", 4), ("", 4), ("2.5", 4), ("a, b", 4)]
)
def test_a_whole_number_is_one_and_in_range_whatever_the_file_says(written, read):
    file = settings_file()
    file.write_text(f"[General]\ndecimals={written}\n", encoding="utf-8")
    assert Settings().whole("decimals", 4, 0, 12) == read


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe garbage",
        b"[General\ntheme=dark",
        b"[General]\ntheme=a, b\ngeometry=not bytes\ndecimals=@Variant(\\0\\0)\n",
        b"[General]\ntheme=@ByteArray(dark)\ngeometry=@Point(1 2)\ndecimals=@Invalid()\n",
    ],
)
def test_a_broken_file_does_no_harm(content):
    file = settings_file()
    file.write_bytes(content)
    store = Settings()
    assert isinstance(store.text("theme", "light"), str)
    assert store.whole("decimals", 4, 0, 12) == 4
    assert isinstance(store.bytes("geometry"), QByteArray)


def test_a_folder_that_cannot_be_written_does_no_harm():
    file = settings_file()
    file.unlink()
    file.mkdir()
    store = Settings()
    store.put("theme", "dark")
    store.save()
    assert store.text("theme", "light") == "dark"  # for this run


def test_what_passes_is_kept_while_it_lasts_and_nowhere(tmp_path):
    store = Passing()
    assert store.text("theme", "light") == "light"
    store.put("theme", "dark")
    store.put("decimals", 6)
    store.put("geometry", QByteArray(b"x"))
    store.save()
    assert (store.text("theme", ""), store.whole("decimals", 4, 0, 12)) == ("dark", 6)
    assert store.bytes("geometry").data() == b"x"
    assert Passing().bytes("geometry").isEmpty()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
