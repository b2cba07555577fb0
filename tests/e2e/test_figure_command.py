"""`lossacc-gui figure`: pictures of the window and of each view, drawn without a display."""

from __future__ import annotations

import sys

import pytest

from lossacc_gui.core.curves import CURVES
from tests.e2e.told import draws, looks, picture, refused

KEYS = [curve.key for curve in CURVES]


def test_a_picture_of_the_window(run, tmp_path, file):
    done = run("figure", file, "--out", "window.png", "--size", "1200x800")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    assert picture(tmp_path / "window.png") == (1200, 800)
    assert draws(tmp_path / "window.png")


@pytest.mark.parametrize("key", KEYS)
def test_a_picture_of_each_view(run, tmp_path, key):
    done = run("figure", "--out", "view.png", "--view", key, "--size", "500x300")
    assert (done.returncode, done.stderr) == (0, "")
    assert picture(tmp_path / "view.png") == (500, 300)
    assert draws(tmp_path / "view.png")


def test_a_view_as_wide_as_a_column_and_as_shapes(run, tmp_path):
    done = run("figure", "--out", "view.png", "--view", "plane", "--column")
    assert (done.returncode, done.stderr) == (0, "")
    assert picture(tmp_path / "view.png")[0] == 1004  # 85 mm at 300 dots an inch
    for ending, first in ((".svg", b"<?xml"), (".pdf", b"%PDF")):
        assert run("figure", "--out", f"view{ending}", "--view", "sweep", "--column").returncode == 0
        assert (tmp_path / f"view{ending}").read_bytes().startswith(first)


def test_a_picture_is_the_same_whatever_a_window_remembers(run, tmp_path):
    for number, kept in enumerate(("arrangement=report\ndecimals=2", "")):
        store = tmp_path / str(number) / "lossacc_gui" / "lossacc_gui.ini"
        store.parent.mkdir(parents=True)
        store.write_text(f"[General]\n{kept}\n")
        done = run("figure", "--out", f"{number}.png", XDG_CONFIG_HOME=str(tmp_path / str(number)))
        assert done.returncode == 0
        assert store.read_text() == f"[General]\n{kept}\n"
    assert (tmp_path / "0.png").read_bytes() == (tmp_path / "1.png").read_bytes()


def test_a_picture_is_drawn_in_a_locale_without_letters(run, tmp_path):
    done = run("figure", "--out", "x.png", "--view", "plane", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert draws(tmp_path / "x.png")


def test_a_dark_picture_is_dark(run, tmp_path):
    assert run("figure", "--out", "d.png", "--theme", "dark").returncode == 0
    assert run("figure", "--out", "l.png").returncode == 0
    dark, light = (looks(tmp_path / name)[-1] for name in ("d.png", "l.png"))
    assert dark < 60
    assert light > 230


def test_a_picture_of_a_lesson_under_a_convention(run, tmp_path):
    assert run("figure", "--scenario", "animals", "--convention", "keras", "--out", "a.PNG").returncode == 0
    assert picture(tmp_path / "a.PNG")


def test_a_picture_in_a_folder_that_is_not_there_is_refused(run, tmp_path):
    refused(run("figure", "--out", "no such folder/x.png"), "no such folder")
    assert list(tmp_path.glob("*.png")) == []


def test_a_picture_that_is_there_is_replaced_whole(run, tmp_path):
    target = tmp_path / "x.png"
    target.write_bytes(b"old")
    assert run("figure", "--out", "x.png", "--view", "plane").returncode == 0
    assert picture(target)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".x")] == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_help_names_every_view_and_lesson(run):
    told = run("figure", "--help").stdout
    for key in (*KEYS, "same-loss", "keras", "by_hand"):
        assert key in told


def test_a_picture_of_a_chosen_cell_under_a_rule(run, tmp_path):
    assert run("figure", "--out", "a.svg", "--view", "sweep", "--row", "2").returncode == 0
    more = ("--view", "sweep", "--row", "3", "--class", "B", "--rule", "rescale")
    assert run("figure", "--out", "b.svg", *more).returncode == 0
    said = [(tmp_path / name).read_text() for name in ("a.svg", "b.svg")]
    assert "row 3 · B (the others scale)" in said[1]
    assert "ow 2" in said[0]  # the axis, or the sentence that says why there is nothing
    refused(run("figure", "--out", "x.png", "--row", "4"), "--row 4", "use 1 to 3")
