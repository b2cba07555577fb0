"""What just happened, in one or two sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QFrame, QLabel, QTextBrowser, QVBoxLayout, QWidget

from lossacc_gui.core.explain import Span
from lossacc_gui.core.rules import Rule
from lossacc_gui.ui import theme as look
from lossacc_gui.ui.announcing import Announcer
from lossacc_gui.ui.telling import Told

LINES, NARROW_LINES, NARROW = 4, 6, 520
"""So many lines high, and more where the lines are short: a fixed height keeps the grid from jumping."""


_ADVISED = re.compile(f"“({'|'.join(map(re.escape, Rule))})”")


@dataclass(frozen=True, slots=True)
class _Saying:
    """Sentences under a title: of a change, which can be said in other digits, or ``plain``."""

    title: str
    plain: tuple[Span, ...] = ()
    told: Told | None = None

    def spans(self, decimals: int) -> tuple[Span, ...]:
        return (*self.told.spans(decimals), *self.plain) if self.told is not None else self.plain


class Strip(QFrame):
    """Shows the explanation of the last change, an invitation, or why something was refused."""

    rule_chosen = Signal(object)
    """The Rule that a refusal advises was clicked."""

    def __init__(self, theme: look.Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._theme = theme
        self._title = QLabel(self)
        self._title.setObjectName("title")
        self._title.setFont(look.font(bold=True))
        self._title.setFixedHeight(self._title.fontMetrics().height() + 1)  # with or without a text
        self._text = QTextBrowser(self)
        self._text.setObjectName("strip")
        self._text.document().setDocumentMargin(0)
        self._text.setFont(look.font())
        self._text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text.setTabChangesFocus(True)
        self._text.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves an open editor open
        self._text.setOpenLinks(False)
        self._text.anchorClicked.connect(self._on_link)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        self._announcer = Announcer(self._text)
        self._saying = _Saying("")
        self._spans: tuple[Span, ...] = ()
        self._decimals = 4
        self._before: _Saying | None = None
        """What a refusal took the place of."""
        self._earlier: _Saying | None = None
        """What the gesture under way took the place of."""

    def set_theme(self, theme: look.Theme) -> None:
        """Write in these colours."""
        self._theme = theme
        self._write()

    def set_decimals(self, decimals: int) -> None:
        """Say it in so many decimals, also what was said already."""
        self._decimals = decimals
        if self._saying.told is not None:
            self._write()

    def listen(self, delegates: Sequence[QAbstractItemDelegate]) -> None:
        """A refusal goes when its editor is given up with Esc."""
        for delegate in delegates:
            delegate.closeEditor.connect(self._on_editor_closed)

    def show_spans(self, title: str, spans: Sequence[Span]) -> None:
        """Show sentences made of styled parts."""
        self._show(_Saying(title, tuple(spans)))

    def show_told(self, title: str, told: Told, *, goes_on: bool = False) -> None:
        """Show what is said of a change; ``goes_on`` says that it is one gesture with the change before."""
        if not goes_on:
            self._earlier = self._before or self._saying
        self._show(_Saying(title, told=told))

    def take_back(self) -> None:
        """Show again what was said before a gesture that came to nothing."""
        if self._earlier is not None:
            self._show(self._earlier)

    def show_sentence(self, title: str, *sentences: str) -> None:
        """Show plain sentences, the last one in bold."""
        *plain, last = sentences
        spans = [Span(f"{sentence} ", "plain") for sentence in plain]
        self.show_spans(title, [*spans, Span(last, "strong")])

    def refuse(self, reason: str) -> None:
        """Say why nothing was changed."""
        before = self._before or self._saying
        said, chooses, advice = reason.rpartition("choose ")
        parts = _ADVISED.split(advice) if chooses else [advice]  # every second one is a rule
        spans = [
            Span(f"“{part}”", "rule") if at % 2 else Span(part, "strong") for at, part in enumerate(parts)
        ]
        self._announcer.forget()
        self.show_spans("Nothing was changed", [Span(said + chooses, "strong"), *spans])
        self._before = before

    def relent(self) -> None:
        """Show again what a refusal took the place of, if one is shown."""
        if self._before is not None:
            self._show(self._before)

    def add_notes(self, title: str, notes: Sequence[str]) -> None:
        """Add plain sentences to what is shown, or show them under a title where nothing is."""
        added = [Span(f" {note}", "plain") for note in notes]
        self._show(
            replace(self._saying, title=self._saying.title or title, plain=(*self._saying.plain, *added))
        )

    @property
    def text(self) -> str:
        """What is shown, without its style."""
        return "".join(span.text for span in self._spans)

    def _show(self, saying: _Saying) -> None:
        self._before, self._saying = None, saying
        self._write()

    def _write(self) -> None:
        title, self._spans = self._saying.title, self._saying.spans(self._decimals)
        self._title.setText(title)
        self._text.setHtml("".join(map(self._html, self._spans)))
        self._text.setAccessibleName(f"{title}: {self.text}")
        self._announcer.show(self._text.accessibleName())

    def _on_link(self, link: QUrl) -> None:
        self.rule_chosen.emit(Rule[link.path()])

    def _on_editor_closed(self, _editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        # Esc alone gives up what was typed; a click elsewhere is refused, and its reason has to be read.
        if hint == QAbstractItemDelegate.EndEditHint.RevertModelCache:
            self.relent()

    # Qt's own names from here on

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        lines = NARROW_LINES if self.width() < NARROW else LINES
        self._text.setFixedHeight(self._text.fontMetrics().lineSpacing() * lines + 6)

    def _html(self, span: Span) -> str:
        text = escape(span.text)
        match span.style:
            case "strong":
                return f"<b>{text}</b>"
            case "em":
                return f"<i>{text}</i>"
            case "rule":
                name = Rule(span.text.strip("“”")).name
                return f'<a style="color: {self._theme.accuracy}" href="{name}"><b>{text}</b></a>'
            case "loss" | "accuracy":
                return f'<span style="color: {getattr(self._theme, span.style)}">{text}</span>'
            case _:
                return text
