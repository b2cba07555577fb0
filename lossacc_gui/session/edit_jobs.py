"""Runs large edits: each is made beside the present state in a job, then swapped in as one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from lossacc_gui.core.change import Change
from lossacc_gui.core.edits import Edit, SetConvention
from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.session.jobs import Jobs, Report, Stop
from lossacc_gui.session.journal import Journal
from lossacc_gui.session.large import LargeEdit
from lossacc_gui.session.present import Present


class Edited(Protocol):
    """What a large edit needs of its document."""

    present: Present
    jobs: Jobs
    journal: Journal | None

    def submit(
        self, kind: str, title: str, work: Callable[[Report, Stop], Any], done: Callable[[Any], None]
    ) -> None:
        """Run a job."""

    def edit(
        self,
        edit: Edit,
        what: str,
        *,
        evaluation: Evaluation | None = None,
        clean: bool,
        aside: str,
        asked: Edit | None = None,
    ) -> bool:
        """Do an edit as one step."""

    def fail(self, error: Exception) -> None:
        """Say why an edit that had become a job did not happen."""


class EditJobs:
    """The one large edit that is on its way, if any."""

    def __init__(self, document: Edited) -> None:
        self._document = document
        self.running: LargeEdit | None = None
        document.jobs.emptied.connect(self.drop)

    def begin(self, edit: Edit, what: str, *, clean: bool, aside: str) -> None:
        """Start on an edit. Raises Refusal while another is made that it does not overtake."""
        running, document = self.running, self._document
        if running is not None and document.jobs.is_busy("edit"):
            overtakes = isinstance(edit, SetConvention) and isinstance(running.edit, SetConvention)
            if not overtakes:
                raise Refusal(
                    "", f"“{running.what}” is still being worked on", "wait for it, or cancel it at the foot"
                )
        now = document.present
        large = self.running = LargeEdit(edit, what, clean, aside, replace(now.state), now.epoch)

        def work(report: Report, stop: Stop) -> Evaluation | None:
            if document.journal is not None:
                document.journal.keep(edit)
            return large.make(report, stop)

        document.submit("edit", what, work, partial(self._end, large))

    def hear(self, change: Change) -> None:
        """Take note of a change that came meanwhile."""
        if self.running is not None:
            self.running.hear(change)

    def turn(self) -> None:
        """Take note that another page is looked at."""
        if self.running is not None:
            self.running.turned = True

    def drop(self) -> None:
        """Let go of an edit that was cancelled or failed, with the copy it was made on."""
        self.running = None

    def _end(self, large: LargeEdit, evaluation: Evaluation | None) -> None:
        """An edit is made: swap it in, make it again, or drop it, by what came meanwhile."""
        self.running = None
        document = self._document
        try:
            if large.lost:
                raise Refusal("", f"“{large.what}” was dropped", large.lost)
            if large.stale(document.present.epoch):
                document.edit(large.edit, large.what, clean=large.clean, aside=large.aside)
                return
            if evaluation is None:
                raise Refusal("", f"“{large.what}” changes nothing", "all is so already")
            swap = large.swap(evaluation, document.present.state)
            asked = swap if isinstance(swap, SetConvention) else large.edit
            document.edit(
                swap,
                large.what,
                evaluation=evaluation,
                clean=large.clean,
                aside=large.aside,
                asked=asked,
            )
        except (Refusal, IndexError) as reason:
            document.fail(reason)
