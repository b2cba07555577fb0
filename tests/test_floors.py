"""The floors of the house hold at run time, and the top level is the one agreed."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {"lossacc_gui", "resources", "tests", "packaging", "pyproject.toml", "README.md"}
QT = {"PySide6", "shiboken6", "pyqtgraph"}
WITHOUT_QT = [
    name for name in ("core", "files", "scenarios", "report") if (ROOT / "lossacc_gui" / name).is_dir()
]

IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print(*sys.modules)
"""


def loaded_by(package: str, python: list[str]) -> set[str]:
    """Return every module that a fresh process holds after importing the whole package."""
    done = subprocess.run(
        [*python, "-c", IMPORT_ALL, package], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("floor", WITHOUT_QT)
def test_the_lower_floors_load_no_qt(floor: str, python: list[str]) -> None:
    assert not QT & loaded_by(f"lossacc_gui.{floor}", python)


def test_session_loads_no_widgets(python: list[str]) -> None:
    loaded = loaded_by("lossacc_gui.session", python)
    assert not {"PySide6.QtWidgets", "pyqtgraph"} & loaded


def imported_by(file: Path) -> set[str]:
    """Return the dotted names a file imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("floor", WITHOUT_QT)
def test_the_tests_of_the_lower_floors_import_no_qt(floor: str) -> None:
    above = ("PySide6", "pyqtgraph", "pytestqt", "lossacc_gui.session", "lossacc_gui.ui")
    for file in (ROOT / "tests" / floor).rglob("*.py"):
        assert not [name for name in imported_by(file) if name.startswith(above)], file


def test_the_top_level_is_the_one_agreed() -> None:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs git and a checkout")
    names = {name.split("/")[0] for name in listed.stdout.split("\0") if name}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL
