"""What is there now and what it means, kept true from step to step."""

from __future__ import annotations

from lossacc_gui.core.bulk import epoch_of
from lossacc_gui.core.change import Change
from lossacc_gui.core.edits import ALL, Edit, RenameClass, Replace, SetConvention
from lossacc_gui.core.evaluation import Evaluation, evaluate
from lossacc_gui.core.metrics.accuracy import ACCURACY
from lossacc_gui.core.metrics.cross_entropy import CROSS_ENTROPY
from lossacc_gui.core.page import Page
from lossacc_gui.core.paging import turned, turns
from lossacc_gui.core.scene import Point
from lossacc_gui.core.state import State
from lossacc_gui.core.tally import Tally
from lossacc_gui.session.counting import Counting
from lossacc_gui.session.step import Known, Step


class Present:
    """A state and its evaluation: of the epoch, and where there are pages of the page, that is looked at.

    ``revision`` counts what was done, undone and redone, so that who works in the background sees what came
    meanwhile. Cost of a step: the cells of the rows it touches, or all of them.
    """

    def __init__(self, state: State, counting: Counting) -> None:
        self.state, self.counting = state, counting
        self.epoch = self.revision = 0
        self.evaluation = evaluate(state.predictions, state.convention)
        counting.begin(state, 0)

    @property
    def tally(self) -> Tally:
        """The tally of all rows, or where there are pages of all that are counted so far."""
        found = self.evaluation.tally
        return found if self.state.page is None else found + self.counting.rest

    def point(self, what: str, opened: int = 0) -> Point:
        """Both metrics now, as the history keeps them."""
        tally, convention = self.tally, self.state.convention
        loss, accuracy = CROSS_ENTROPY.of(tally, convention), ACCURACY.of(tally, convention)
        return Point(
            what,
            float("nan") if loss.value is None else loss.value,
            float("nan") if accuracy.value is None else accuracy.value,
            tally.rows,
            self.state.predictions.classes,
            convention,
            opened,
        )

    def restart(self, state: State, evaluation: Evaluation | None) -> Change:
        """Put another state here, as if nothing had been before; what it means may be given."""
        before, convention = self.tally, self.state.convention
        self.revision += 1
        everything = Replace(state)
        inverse, _ = everything.apply(self.state)
        self.evaluation = evaluation or evaluate(state.predictions, state.convention)
        self.epoch = self.evaluation.epoch
        self.counting.begin(self.state, self.epoch)
        return Change(
            everything,
            inverse,
            ALL,
            None,
            None,
            before,
            self.tally,
            shape=True,
            names=True,
            convention=True,
            source=True,
            convention_before=convention,
        )

    def show_epoch(self, evaluation: Evaluation) -> None:
        """Look at another epoch, whose evaluation is made."""
        self.evaluation, self.epoch = evaluation, evaluation.epoch
        self.counting.begin(self.state, self.epoch)

    def show_page(self, page: Page, evaluation: Evaluation) -> None:
        """Look at another page, whose evaluation is made."""
        self.revision += 1
        self.counting.turned(page, self.evaluation, evaluation)
        self.state.page, self.state.predictions = page, evaluation.predictions
        self.evaluation = evaluation

    def swap(self, step: Step) -> Change:
        """Do a step's edit, leave its inverse in the step, and bring the evaluation up to date."""
        # Before as well as after: who copies the cells in another thread sees either that it was too early.
        self.revision += 1
        edit = step.edit
        moved, page = self._follow_epoch(step), self._follow_page(step)
        old, source, total = self.evaluation, self.state.source, self.tally
        convention, before, number = self.state.convention, None, number_of(self.state)
        inverse, rows = edit.apply(self.state)
        if rows is None:  # ALL
            self.epoch = min(self.epoch, self.state.predictions.epochs - 1)
            self.evaluation = self._known(step) or evaluate(
                self.state.predictions, self.state.convention, self.epoch
            )
            # Not its predictions: the inverse has those.
            step.known = (old.epoch, number, old.stats, old.tally)
            self.counting.begin(self.state, self.epoch)
        else:
            before = old.stats[rows]
            self.evaluation.convention = self.state.convention
            self.evaluation.refresh(rows)
        step.edit = inverse
        self.revision += 1
        others = rows is ALL and not isinstance(edit, SetConvention)
        return Change(
            edit=edit,
            inverse=inverse,
            rows=rows,
            before=before,
            after=None if rows is None else self.evaluation.stats[rows],
            tally_before=total,
            tally_after=self.tally,
            page=page,
            shape=bool(page) or others,
            names=isinstance(edit, RenameClass) or others,
            convention=isinstance(edit, SetConvention | Replace),
            source=self.state.source != source or (isinstance(edit, Replace) and edit.opens),
            convention_before=convention,
            epoch=moved,
        )

    def _follow_epoch(self, step: Step) -> bool:
        """Look at the epoch that a step is about; whether it was another."""
        if (epoch := epoch_of(step.edit)) in (None, self.epoch):
            return False
        self.show_epoch(evaluate(self.state.predictions, self.state.convention, epoch))
        return True

    def _follow_page(self, step: Step) -> str:
        """Look at the page that a step is about; which it is, in words, if it was another."""
        page = self.state.page
        if page is None or not turns(step.edit):
            return ""
        if step.page is None:  # it is done for the first time, here
            step.page = page.number
        if step.page == page.number:
            return ""
        there = turned(self.state, page, step.page)
        assert there.page is not None
        self.show_page(there.page, evaluate(there.predictions, there.convention, self.epoch))
        return there.page.title()

    def known(self, edit: Edit, evaluation: Evaluation) -> Known:
        """What a step of this edit brings along where it is computed already what the edit means."""
        return evaluation.epoch, number_of(self._after(edit)), evaluation.stats, evaluation.tally

    def knows(self, step: Step) -> bool:
        """Whether a step brings along what it means, so that nothing is to be computed when it is done."""
        there = self._after(step.edit)
        epoch = min(self.epoch, there.predictions.epochs - 1)
        return step.known is not None and step.known[:2] == (epoch, number_of(there))

    def _after(self, edit: Edit) -> State:
        """The state whose page will be looked at after an edit."""
        return edit.state if isinstance(edit, Replace) else self.state

    def _known(self, step: Step) -> Evaluation | None:
        """The evaluation a step brings along, if it is of the epoch that is shown."""
        if step.known is None or step.known[:2] != (self.epoch, number_of(self.state)):
            return None
        epoch, _, stats, tally = step.known
        return Evaluation(self.state.predictions, self.state.convention, epoch, stats, tally)


def number_of(state: State) -> int:
    """Which page is looked at; -1 where there are none."""
    return -1 if state.page is None else state.page.number
