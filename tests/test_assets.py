"""The resources are found in a checkout and in an installed wheel."""

import subprocess
import sys
from pathlib import Path

import pytest

from lossacc_gui import assets

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "resources"


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command and return what it prints; what it complains about becomes the failure."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files_of(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_every_resource_is_found() -> None:
    names = files_of(RESOURCES)
    assert names
    for name in names:
        assert assets.path(name).samefile(RESOURCES / name)


def test_the_package_s_own_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, beside = tmp_path / "inside", tmp_path / "beside"
    for folder in (inside, beside):
        folder.mkdir()
        (folder / "both").touch()
    (beside / "one").touch()
    monkeypatch.setattr(assets, "_FOLDERS", (inside, beside))
    assert assets.path("both") == inside / "both"
    assert assets.path("one") == beside / "one"


def test_a_missing_resource_is_named_with_the_places() -> None:
    with pytest.raises(FileNotFoundError, match=r"'no such file' is neither in .* nor in .*"):
        assets.path("no such file")


@pytest.mark.packaging
def test_an_sdist_makes_a_wheel_that_carries_every_resource(tmp_path: Path) -> None:
    hatchling = (sys.executable, "-m", "hatchling", "build", "-d", tmp_path)
    run(*hatchling, "-t", "sdist", cwd=ROOT)
    (sdist,) = tmp_path.glob("*.tar.gz")
    run("tar", "-xzf", sdist, cwd=tmp_path)  # tarfile's safe way is newer than Debian 12's Python
    run(*hatchling, "-t", "wheel", cwd=tmp_path / sdist.name.removesuffix(".tar.gz"))
    (wheel,) = tmp_path.glob("*.whl")

    clean = tmp_path / "clean"
    run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
        *("--target", clean, wheel),
        cwd=tmp_path,
    )
    asked = f"import sys; sys.path.insert(0, {str(clean)!r}); from lossacc_gui import assets; print(assets._FOLDERS[0])"
    where = run(sys.executable, "-I", "-c", asked, cwd=tmp_path)
    installed = Path(where.strip())
    assert installed.is_relative_to(tmp_path)
    assert files_of(installed) == files_of(RESOURCES)
