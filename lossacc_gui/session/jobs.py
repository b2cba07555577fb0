"""Work that takes longer than a frame: one runs, the newest of each kind waits."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, QThread, Signal, Slot

from lossacc_gui.core.stopping import Stopped

SWITCH_SECONDS = 5e-4
"""A thread that computes hands Python over so soon to the one that draws: by itself it would keep it ten times
as long, each time the other has let go of it, and that is often in a frame."""

LONG_SECONDS = 5.0
"""Of work that takes no longer than this, nobody needs to know how long it takes."""

Report = Callable[[float], None]
Stop = Callable[[], bool]


@dataclass(eq=False, slots=True)
class Job:
    """One piece of work. ``work`` runs in the worker's thread, ``done`` and ``failed`` in the main one.

    ``kind`` says which waiting job a newer one replaces. A job that was stopped calls neither. ``size`` is
    how many rows it goes through, 0 where nobody needs to know how fast.
    """

    kind: str
    title: str
    work: Callable[[Report, Stop], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    stopped: threading.Event = field(default_factory=threading.Event)
    size: int = 0


class _Worker(QObject):
    """Lives in the worker's thread and runs one job at a time."""

    reported = Signal(object, float)
    finished = Signal(object, object, object)

    @Slot(object)
    def run(self, job: Job) -> None:
        if (trace := threading.gettrace()) is not None:  # else coverage is blind in a QThread
            sys.settrace(trace)
        result, error = None, None
        try:
            result = job.work(lambda share: self.reported.emit(job, share), job.stopped.is_set)
        except Stopped:
            job.stopped.set()
        except Exception as problem:  # noqa: BLE001 - carried to the main thread and shown there
            error = problem
        self.finished.emit(job, result, error)


class Jobs(QObject):
    """Runs jobs one after another in one thread, which starts with the first of them."""

    progressed = Signal(str, float)
    """The title and the finished share of the running job."""
    emptied = Signal()
    """Nothing runs and nothing waits any more."""
    _start = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: QThread | None = None
        self._worker: _Worker | None = None
        self._running: Job | None = None
        self._waiting: dict[str, Job] = {}
        self._began = 0.0
        self.pace = ""
        """How fast the running job goes and how long it will take, where it takes long; else empty."""

    def submit(self, job: Job, *, overtake: bool = False) -> None:
        """Run a job when the present one is through. ``overtake`` stops a running one of its kind."""
        if overtake and self._running is not None and self._running.kind == job.kind:
            self._running.stopped.set()
        self._waiting.pop(job.kind, None)
        self._waiting[job.kind] = job
        self._next()

    def is_busy(self, kind: str | None = None) -> bool:
        """Whether a job, of this kind or of any, runs or waits."""
        jobs = [*self._waiting.values(), *([self._running] if self._running else [])]
        return any(kind is None or job.kind == kind for job in jobs if not job.stopped.is_set())

    def drop(self, kind: str) -> None:
        """Stop the running job of this kind and forget a waiting one. Nothing they would have done happens."""
        self._waiting.pop(kind, None)
        if self._running is not None and self._running.kind == kind:
            self._running.stopped.set()

    def cancel(self) -> None:
        """Stop the running job and forget the waiting ones. Nothing they would have done happens."""
        self._waiting.clear()
        if self._running is not None:
            self._running.stopped.set()

    def wait(self) -> None:
        """Let the running and waiting jobs come to their end, with their ``done`` called."""
        loop = QEventLoop()
        self.emptied.connect(loop.quit)
        if self._running is not None:
            loop.exec()
        self.emptied.disconnect(loop.quit)

    def close(self) -> None:
        """Cancel, and wait for the thread to end: a thread alive at exit ends the process."""
        self.cancel()
        if self._thread is not None:
            self._thread.quit()
            self._thread.wait()
            self._thread = self._worker = self._running = None

    def _next(self) -> None:
        if self._running is not None or not self._waiting:
            return
        if self._thread is None:
            sys.setswitchinterval(SWITCH_SECONDS)
            self._thread = QThread(self)
            self._worker = _Worker()
            self._worker.moveToThread(self._thread)
            self._start.connect(self._worker.run)
            self._worker.reported.connect(self._on_reported)
            self._worker.finished.connect(self._on_finished)
            self._thread.start()
        self._running = self._waiting.pop(next(iter(self._waiting)))
        self._began, self.pace = time.monotonic(), ""
        self._start.emit(self._running)

    @Slot(object, float)
    def _on_reported(self, job: Job, share: float) -> None:
        if job is self._running and not job.stopped.is_set():
            self.pace = pace_of(share, time.monotonic() - self._began, job.size)
            self.progressed.emit(job.title, share)

    @Slot(object, object, object)
    def _on_finished(self, job: Job, result: Any, error: Exception | None) -> None:
        if job is not self._running:
            return
        self._running = None
        try:
            if not job.stopped.is_set():
                if error is not None:
                    job.failed(error)
                else:
                    job.done(result)
        finally:  # a slot that raises must not leave the others waiting
            self._next()
            if self._running is None:
                self.emptied.emit()


def pace_of(share: float, seconds: float, size: int) -> str:
    """How fast work on ``size`` rows goes, and what is left of it, in words; empty for short work."""
    if not 0 < share <= 1 or seconds / share < LONG_SECONDS:
        return ""
    speed = f"{round(size * share / seconds, -3):,.0f} rows/s, " if size and seconds else ""
    left = seconds / share - seconds
    if left < 90:
        return f"{speed}{left:.0f} s left"
    return f"{speed}{left / 60:.0f} min left" if left < 5400 else f"{speed}{left / 3600:.1f} h left"
