"""What is remembered between runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

LAYOUT_VERSION = 2
"""Raised when docks are added or renamed, so that an old layout is not forced on them."""


class Settings:
    """The window's place and the user's choices, in the system's settings file or in one that is named."""

    def __init__(self, file: Path | None = None) -> None:
        ini = QSettings.Format.IniFormat
        self._store: Any = (  # QSettings, or what answers as it does
            QSettings(str(file), ini)
            if file
            else QSettings(ini, QSettings.Scope.UserScope, "lossacc_gui", "lossacc_gui")
        )

    def text(self, key: str, default: str) -> str:
        """A remembered text."""
        value = self._store.value(key, default)
        return value if isinstance(value, str) else default

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A remembered whole number, forced into its range whatever the file says."""
        try:
            value = int(str(self._store.value(key, default)))
        except ValueError:
            value = default
        return min(max(value, low), high)

    def bytes(self, key: str) -> QByteArray:
        """Remembered bytes; empty when there are none."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def put(self, key: str, value: str | int | QByteArray) -> None:
        """Remember a value."""
        self._store.setValue(key, value)

    def save(self) -> None:
        """Write to disk now."""
        self._store.sync()


class Passing(Settings):
    """Settings that begin with none, and that nothing outlives: no file is read or written."""

    def __init__(self) -> None:
        self._store = _Nowhere()


class _Nowhere:
    """As much of QSettings as ``Settings`` uses, and no file."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def value(self, key: str, default: Any = None) -> Any:
        return self._kept.get(key, default)

    def setValue(self, key: str, value: Any) -> None:
        self._kept[key] = value

    def sync(self) -> None:
        """There is nothing to write to."""
