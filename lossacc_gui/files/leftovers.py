"""Files that a save was writing when its process was killed: taken away by the next save beside them."""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import suppress
from pathlib import Path

PREFIX, SUFFIX = ".lossacc-", ".part"
_OURS = re.compile(re.escape(PREFIX) + "[0-9a-f]{12}" + re.escape(SUFFIX))

YOUNG_SECONDS = 2.0
"""Younger files are left alone: one that was made this moment is not locked yet."""

if sys.platform == "win32":  # an open file cannot be removed there, which serves as well

    def claim(descriptor: int) -> None:
        """Say that a file is being written."""

    def _is_left(path: Path) -> bool:
        return path.is_file()

else:
    import fcntl

    def claim(descriptor: int) -> None:
        """Lock a file that is being written; the lock ends when it is closed, or its process ends."""
        with suppress(OSError):  # not every disk has locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _is_left(path: Path) -> bool:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
        return True


def sweep(folder: Path) -> None:
    """Remove what nobody is writing any more."""
    with suppress(OSError):
        for path in folder.glob(f"{PREFIX}*{SUFFIX}"):
            if not _OURS.fullmatch(path.name):
                continue
            with suppress(OSError):
                if time.time() - path.lstat().st_mtime > YOUNG_SECONDS and _is_left(path):
                    path.unlink()
