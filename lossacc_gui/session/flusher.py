"""Forces what was handed to the system to the disk, beside what goes on."""

from __future__ import annotations

import os
import threading
from contextlib import suppress

FLUSH_SECONDS = 0.5
"""An edit is safe from a crash of the program at once, and from one of the machine after so long."""


class Flusher(threading.Thread):
    """Forces a file to the disk now and then, so that nobody has to wait for the disk."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(name="journal", daemon=True)
        self.dirty, self._ended, self._descriptor = threading.Event(), threading.Event(), descriptor

    def run(self) -> None:
        """Until ``end``."""
        while self.dirty.wait() and not self._ended.wait(FLUSH_SECONDS):
            self.dirty.clear()
            with suppress(OSError):  # the next write meets it, too
                os.fsync(self._descriptor)

    def end(self) -> None:
        """Come to an end; waits for it."""
        self._ended.set()
        self.dirty.set()
        self.join()
