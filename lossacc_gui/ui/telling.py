"""What the strip says of a change: what it did and why, and what else has to be known of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lossacc_gui.core.change import Change
from lossacc_gui.core.explain import Explanation, Span, explain
from lossacc_gui.core.rounding import kept_as
from lossacc_gui.core.telling import tell
from lossacc_gui.session.document import Document
from lossacc_gui.session.following import Following
from lossacc_gui.session.large import Swap


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one change, which can be said again in other digits."""

    explanation: Explanation
    aside: str

    def spans(self, decimals: int) -> tuple[Span, ...]:
        """The sentences, with so many decimals."""
        return (*tell(self.explanation, decimals), Span(self.aside))


class Telling:
    """Puts the sentences together; that numbers are rounded is said once a file, lest nobody reads it."""

    def __init__(self, document: Document, following: Following) -> None:
        self._document, self._following = document, following
        self._knows = False

    def of(self, change: Change) -> Told:
        """What is to be said of a change that was just done."""
        explanation = explain(change, self._document.evaluation)
        aside = self._following.hidden
        if change.source:
            self._knows = False
        if explanation.rounded is None and not self._knows:
            aside += self._rounding(change)
        return Told(explanation, aside)

    def _rounding(self, change: Change) -> str:
        predictions, edit = self._document.state.predictions, change.edit
        if isinstance(edit, Swap) and edit.again is not None:  # what was asked for, and done in a job
            change = replace(change, edit=edit.again)
        kept = kept_as(change, predictions)
        self._knows = bool(kept)
        source = self._document.state.source
        where = f"this {predictions.probs.dtype} file" if source.path else f"{predictions.probs.dtype}"
        return f" {kept} in {where}." if kept else ""
