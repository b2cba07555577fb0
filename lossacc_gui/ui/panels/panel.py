"""What a panel is: a pure function from a scene to its numbers, and the widget that draws them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lossacc_gui.core.scene import Scene
from lossacc_gui.ui import theme as look


class Picture(Protocol):
    """What a panel draws. The one sentence that says what it shows is also its text alternative."""

    @property
    def reading(self) -> str:
        """What is to be seen, in a sentence."""

    @property
    def hint(self) -> str:
        """How to use it now, where that is not what it always is."""


class PanelView(QWidget):
    """The inside of a dock that is no plot; it speaks with the same signals as one."""

    picked = Signal(object)
    """The Pick that was clicked."""
    pointed = Signal(str)
    """What is under the pointer, in words; empty when nothing is."""
    dragged = Signal(str, str, float)
    """What is dragged (Sets), a phase of its drag, and the value it should have."""
    asked = Signal(object, str)
    """An Edit that was asked for, and what it is called in the history."""
    refused = Signal(str)
    """Why what was typed is no edit."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    @property
    def is_dragged(self) -> bool:
        """Whether a hand holds something in it."""
        return False

    def let_go(self) -> None:
        """End a drag, whatever the hand does."""

    def read_again(self) -> None:
        """Say what is under the pointer, or held, in a picture that is another than before."""

    def twin(self, theme: look.Theme) -> PanelView:
        """Another that shows the same, for a report: in other colours, without what is only chosen in it."""
        twin = type(self)(theme)
        if (picture := self.unchosen()) is not None:
            twin.draw(picture)
        return twin

    def unchosen(self) -> Any:
        """The picture without what is only chosen in it; None where there is no picture."""
        return getattr(self, "picture", None)

    @property
    def aside(self) -> str:
        """What a report has to say besides the reading."""
        return ""

    def set_theme(self, theme: look.Theme) -> None:
        """Draw in these colours."""
        self.theme = theme
        self.update()

    def draw(self, picture: Any, *, hold_axes: bool = False) -> None:
        """Show this. ``hold_axes`` keeps ranges and order, as while something is dragged."""
        raise NotImplementedError


def _never(_: Scene) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Panel:
    """A view that is more than a plot: the fields mean what they mean for a Curve.

    ``draw`` gives a Picture, ``make`` the widget that shows such a picture.
    """

    key: str
    title: str
    hint: str
    draw: Callable[[Scene], Any]
    make: Callable[[look.Theme], PanelView]
    heavy: Callable[[Scene], bool] = _never
    follows_focus: bool = False
