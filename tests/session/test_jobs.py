"""One job runs, the newest of each kind waits; the main thread hears of it, and nothing outlives close."""

from __future__ import annotations

import sys
import threading

import pytest

from lossacc_gui.core.stopping import Stopped
from lossacc_gui.session.jobs import Job, Jobs
from tests.patience import PATIENCE


class Made:
    """Jobs that wait for a word before they end, and what came of them."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.go = threading.Event()
        self.started: dict[str, threading.Event] = {}
        self.ran: list[str] = []
        self.came: list[tuple[str, object]] = []
        self.threads: list[threading.Thread] = []

    def submit(self, name, kind="a", *, waits=False, looks=True, error=None, overtake=False, done=None):
        started = self.started[name] = threading.Event()

        def work(report, stop):
            started.set()
            self.ran.append(name)
            if waits:
                assert self.go.wait(PATIENCE)
                if looks and stop():
                    raise Stopped
            if error is not None:
                raise error
            return name.upper()

        def on_done(result):
            self.threads.append(threading.current_thread())
            self.came.append((name, result))
            if done is not None:
                done()

        def on_failed(problem):
            self.threads.append(threading.current_thread())
            self.came.append((name, problem))

        self.jobs.submit(Job(kind, f"Job {name}", work, on_done, on_failed), overtake=overtake)

    def begun(self, name) -> None:
        assert self.started[name].wait(PATIENCE)


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def made(jobs):
    made = Made(jobs)
    yield made
    made.go.set()  # or close would wait for ever


def test_a_job_hands_its_result_to_the_main_thread(jobs, made, qtbot):
    with qtbot.waitSignal(jobs.emptied):
        made.submit("one")
    assert made.came == [("one", "ONE")]
    assert made.threads == [threading.main_thread()]
    assert not jobs.is_busy()


def test_work_runs_beside_the_main_thread(jobs, qtbot):
    threads = []
    with qtbot.waitSignal(jobs.emptied):
        jobs.submit(
            Job("a", "x", lambda r, s: threads.append(threading.get_ident()), lambda _: None, lambda _: None)
        )
    assert threads != [threading.get_ident()]


def test_the_newest_waiting_job_of_a_kind_replaces_the_older_and_the_running_one_finishes(jobs, made, qtbot):
    made.submit("first", waits=True)
    made.begun("first")
    made.submit("second")
    made.submit("third")
    made.submit("other", kind="b")
    assert jobs.is_busy("a")
    assert jobs.is_busy("b")
    with qtbot.waitSignal(jobs.emptied):
        made.go.set()
    assert made.came == [("first", "FIRST"), ("third", "THIRD"), ("other", "OTHER")]
    assert made.ran == ["first", "third", "other"]


def test_overtaking_stops_the_running_job_of_the_kind(jobs, made, qtbot):
    made.submit("first", waits=True)
    made.begun("first")
    made.submit("second", overtake=True)
    with qtbot.waitSignal(jobs.emptied):
        made.go.set()
    assert made.came == [("second", "SECOND")]


def test_overtaking_leaves_a_running_job_of_another_kind_alone(jobs, made, qtbot):
    made.submit("first", waits=True)
    made.begun("first")
    made.submit("second", kind="b", overtake=True)
    with qtbot.waitSignal(jobs.emptied):
        made.go.set()
    assert [name for name, _ in made.came] == ["first", "second"]


def test_cancel_stops_the_running_and_forgets_the_waiting(jobs, made, qtbot):
    made.submit("first", waits=True)
    made.begun("first")
    made.submit("second")
    jobs.cancel()
    assert not jobs.is_busy()
    with qtbot.waitSignal(jobs.emptied):
        made.go.set()
    assert made.came == []
    assert made.ran == ["first"]


def test_a_result_that_comes_after_cancel_is_dropped(jobs, made, qtbot):
    """Work that does not look at ``stop`` in time ends with a result nobody wants any more."""
    made.submit("first", waits=True, looks=False)
    made.begun("first")
    jobs.cancel()
    with qtbot.waitSignal(jobs.emptied):
        made.go.set()
    assert made.came == []


def test_after_cancel_new_jobs_run(jobs, made, qtbot):
    made.submit("first", waits=True)
    made.begun("first")
    jobs.cancel()
    made.submit("second")
    with qtbot.waitSignal(jobs.emptied):
        made.go.set()
    assert made.came == [("second", "SECOND")]


def test_an_error_comes_to_the_main_thread_as_it_is(jobs, made, qtbot):
    error = ValueError("row 3")
    with qtbot.waitSignal(jobs.emptied):
        made.submit("one", error=error)
    assert made.came == [("one", error)]
    assert made.threads == [threading.main_thread()]


def test_progress_is_told_with_the_title_until_the_job_is_stopped(jobs, qtbot):
    told = []
    jobs.progressed.connect(lambda title, share: told.append((title, share)))
    stopped = threading.Event()

    def work(report, stop):
        report(0.25)
        report(1.0)
        assert stopped.wait(PATIENCE)
        report(2.0)

    job = Job("a", "Counting", work, lambda _: None, lambda _: None)
    jobs.submit(job)
    qtbot.waitUntil(lambda: len(told) == 2)
    jobs.cancel()
    with qtbot.waitSignal(jobs.emptied):
        stopped.set()
    assert told == [("Counting", 0.25), ("Counting", 1.0)]


def test_a_job_may_submit_the_next_and_emptied_comes_at_the_very_end(jobs, made, qtbot):
    emptied = []
    jobs.emptied.connect(lambda: emptied.append(len(made.came)))
    made.submit("one", done=lambda: made.submit("two"))
    qtbot.waitUntil(lambda: bool(emptied))
    assert emptied == [2]


def test_what_goes_wrong_with_a_result_does_not_stop_the_queue(jobs, made, qtbot):
    def bang():
        raise RuntimeError("in done")

    with qtbot.captureExceptions() as caught, qtbot.waitSignal(jobs.emptied):
        made.submit("first", waits=True, done=bang)
        made.submit("second", kind="b")
        made.go.set()
    assert [str(error) for _, error, _ in caught] == ["in done"]
    assert [name for name, _ in made.came] == ["first", "second"]


def test_wait_returns_when_everything_is_done(jobs, made):
    jobs.wait()  # nothing to wait for
    made.submit("one")
    made.submit("two", kind="b")
    jobs.wait()
    assert [name for name, _ in made.came] == ["one", "two"]


def test_close_joins_the_thread_and_drops_what_it_was_doing(jobs, made, qtbot):
    made.submit("first", waits=True)
    made.begun("first")
    thread = jobs._thread
    made.go.set()
    jobs.close()
    assert thread.isFinished()
    qtbot.wait(1)  # a result that was already on its way
    assert made.came == []
    jobs.close()  # twice does no harm


def test_a_job_after_close_starts_a_new_thread(jobs, made, qtbot):
    with qtbot.waitSignal(jobs.emptied):
        made.submit("one")
    jobs.close()
    with qtbot.waitSignal(jobs.emptied):
        made.submit("two")
    assert made.came == [("one", "ONE"), ("two", "TWO")]
    assert made.ran == ["one", "two"]  # and not twice, by the old worker too


def test_a_job_that_computes_lets_the_window_go_on(qtbot, jobs):
    """By itself Python would keep the thread that draws waiting for 5 ms, each time it lets go."""
    jobs.submit(Job("k", "t", lambda _report, _stop: None, lambda _result: None, lambda _error: None))
    jobs.wait()
    assert sys.getswitchinterval() <= 0.001
