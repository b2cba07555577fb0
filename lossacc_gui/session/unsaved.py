"""Which steps lead to what a file holds, so that nothing would be lost there; and what nobody has saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lossacc_gui.core.state import Source


@dataclass(slots=True)
class _Work:
    """What is worked on from the step ``first`` on, until something else is opened; and where it comes from, or
    was saved last."""

    first: int
    source: Source


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Work that would be lost: its last step, what it is called, and how many steps it is from what a file holds."""

    step: int
    name: str
    steps: int


class Saved:
    """Follows a document from step to step. A step is *clean* when it leads to what was opened or saved.

    A file that is written over holds nothing of what it held before: the steps that led to that are clean no more.
    """

    def __init__(self, source: Source) -> None:
        self.begin(source)

    def begin(self, source: Source, *, clean: bool = True) -> None:
        """Start anew with this, before the first step."""
        self._works = [_Work(0, source)]
        self._clean, self._minor = {0} if clean else set(), set[int]()
        self._cut: tuple[int, set[int], set[int], list[_Work]] | None = None
        """What was known, at the step before the last new one, of the steps that could still be redone."""

    def did(self, step: int, before: int, *, clean: bool, minor: bool, opened: Source | None) -> None:
        """``step`` steps are done, after ``before``: one more, as many when it merged, fewer when both came to
        nothing, and what could be redone before can be again. ``minor`` steps change no prediction; ``opened``
        is given with what took the place of all."""
        kept = step + 1 if step < before else step
        if step > before:
            beyond = [work for work in self._works if work.first > before]
            ahead = {at for at in self._clean if at > before}, {at for at in self._minor if at > before}
            self._cut = before, *ahead, beyond
        self._clean = {at for at in self._clean if at < kept}
        self._minor = {at for at in self._minor if at < kept}
        self._works = [work for work in self._works if work.first < kept]
        if step < before:
            cut, self._cut = self._cut, None
            if cut is not None and cut[0] == step:
                self._clean |= cut[1]
                self._minor |= cut[2]
                self._works += cut[3]
            return
        if clean:
            self._clean.add(step)
        if minor:
            self._minor.add(step)
        if opened is not None:
            self._works.append(_Work(step, opened))

    def saved(self, step: int, source: Source, *, clean: bool) -> None:
        """A file holds the work at this step; or, not ``clean``, what it was a few moments before."""
        here = self._at(step)
        here.source = source
        same = [work for work in self._works if work is here or (work.source.path == source.path != "")]
        gone = {at for at in self._clean if self._at(at) in same}
        self._clean = self._clean - gone | ({step} if clean else set())
        if self._cut is not None:
            self._cut[1].clear()  # the file may have held one of these

    def require(self, holds: Callable[[Source], bool]) -> None:
        """Call no step clean any more of what a file does not hold now."""
        self._clean = {at for at in self._clean if holds(self._at(at).source)}

    def is_clean(self, step: int) -> bool:
        """Whether nothing would be lost there."""
        return step in self._clean

    def needs_saving(self, step: int) -> bool:
        """Whether work would be lost there: more than minor steps lie between it and all that are clean.

        Another convention changes no prediction and is chosen again with one click: not worth a question.
        """
        return not any(at in self._clean for at in self._near(step))

    def left_behind(self, step: int) -> tuple[Unsaved, ...]:
        """What nobody saved before something else took its place, on the way to this step; newest first."""
        ends = [work.first - 1 for work in self._works[1:] if work.first <= step]
        return tuple(self._unsaved(end) for end in reversed(ends) if self.needs_saving(end))

    def unsaved(self, step: int) -> tuple[Unsaved, ...]:
        """All that would be lost with the way to this step, the oldest first."""
        ends = [*(work.first - 1 for work in self._works[1:] if work.first <= step), step]
        return tuple(self._unsaved(end) for end in ends if not self.is_clean(end))

    def source(self, step: int) -> Source:
        """Where the work at a step comes from, or was saved last."""
        return self._at(step).source

    def began(self, step: int) -> int:
        """The step that opened the work of this step."""
        return self._at(step).first

    def _near(self, step: int) -> Iterator[int]:
        """The steps of the same work that only minor steps lie between."""
        first, end = self._at(step).first, self._end(step)
        back = step
        yield back
        while back > first and back in self._minor:
            back -= 1
            yield back
        while step + 1 < end and step + 1 in self._minor:
            step += 1
            yield step

    def _unsaved(self, step: int) -> Unsaved:
        work, end = self._at(step), self._end(step)
        clean = [at for at in self._clean if work.first <= at < end]
        away = min((abs(step - at) for at in clean), default=step - work.first)
        return Unsaved(step, work.source.name, max(1, away))

    def _at(self, step: int) -> _Work:
        return next(work for work in reversed(self._works) if work.first <= step)

    def _end(self, step: int) -> float:
        """The first step of the next work."""
        return next((work.first for work in self._works if work.first > step), float("inf"))
