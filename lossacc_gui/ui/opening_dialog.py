"""Asks how an ambiguous file is to be read, and shows beneath each answer what it would mean."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QRadioButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui import files
from lossacc_gui.core.wording import number
from lossacc_gui.files.choices import PREVIEW_ROWS
from lossacc_gui.files.refusals import short
from lossacc_gui.session.jobs import Job, Jobs, Report, Stop
from lossacc_gui.ui import theme as look

MOST_SHOWN = 6
"""Answers that are seen without scrolling."""

NOTES_SHOWN = 160
"""Letters of the notes, two lines; all of them are in the tooltip."""

_WAITING = "Reading …"

Read = Callable[[str, "files.Progress"], "files.Preview"]
"""What the file would be by an answer; called in the worker's thread."""


class OpeningDialog(QDialog):
    """One question about one file; ``read`` makes the preview of an answer. It runs in the background; Esc leaves
    all as it was.
    """

    def __init__(
        self,
        question: files.Question,
        why: str,
        read: Read,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.question, self._read = question, read
        self._seen: dict[str, files.Preview] = {}
        self._wanted = ""
        self.jobs = Jobs(self)
        self.setWindowTitle("How is this file to be read?")
        told, asked = _text(why), _text(question.text, "title")
        self.answers = QButtonGroup(self)
        self.answers.setExclusive(not question.several)
        self.says, self.notes = _text(), _text(style="muted")
        for label in (self.says, self.notes):
            label.setMinimumHeight(2 * label.fontMetrics().lineSpacing())
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.says.setAlignment(Qt.AlignmentFlag.AlignBottom)  # it is the heading of the table
        self.table = _table()
        self.remember = QCheckBox("&Remember for files that raise the same question")
        self.remember.setToolTip("File > Ask again about files forgets what was remembered")
        self.remember.setChecked(True)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepting = buttons.button(QDialogButtonBox.StandardButton.Open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        for part in (told, asked, self._options(), self.says, self.table, self.notes, self.remember, buttons):
            layout.addWidget(part)
        self.resize(620, self.sizeHint().height())
        self.answers.buttonToggled.connect(self._on_toggled)
        self._look()

    def answer(self) -> str:
        """The value that is chosen; of several they are joined by tabs."""
        options, buttons = self.question.options, self.answers.buttons()
        picked = [option.value for option, button in zip(options, buttons, strict=True) if button.isChecked()]
        return "\t".join(picked)

    def _options(self) -> QWidget:
        kind: type[QCheckBox] | type[QRadioButton] = QCheckBox if self.question.several else QRadioButton
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for option in self.question.options:
            button = kind(option.text.replace("&", "&&"))
            self.answers.addButton(button)
            column.addWidget(button)
        first = self.answers.buttons()[0]
        first.setChecked(True)
        first.setFocus()
        if len(self.question.options) <= MOST_SHOWN:
            return inner
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFixedHeight(MOST_SHOWN * (first.sizeHint().height() + 4))
        return scroll

    # --- the preview ---

    def _on_toggled(self, _button: QAbstractButton, checked: bool) -> None:
        if checked or self.question.several:
            self._look()

    def _look(self) -> None:
        answer = self._wanted = self.answer()
        if self.question.several and not answer:
            self._show(files.Preview("Choose at least one.", possible=False))
        elif answer in self._seen:
            self._show(self._seen[answer])
        else:
            self._show(files.Preview(_WAITING))

            def work(_report: Report, stop: Stop) -> tuple[str, files.Preview]:
                return answer, self._read(answer, files.Progress(stop=stop))

            job = Job("preview", "Reading", work, self._on_seen, self._on_failed)
            self.jobs.submit(job, overtake=True)

    def _on_seen(self, result: tuple[str, files.Preview]) -> None:
        answer, seen = result
        self._seen[answer] = seen
        if answer == self._wanted:
            self._show(seen)

    def _on_failed(self, error: Exception) -> None:
        raise error  # a refusal is a preview, so this is a bug: the error dialog says so

    def _show(self, seen: files.Preview) -> None:
        self.says.setText(seen.says)
        notes = " ".join(f"{note[:1].upper()}{note[1:]}." for note in seen.notes)
        self.notes.setText(short(notes, NOTES_SHOWN))
        self.notes.setToolTip(notes)
        self.accepting.setEnabled(seen.possible)
        self.accepting.setText("&Next" if seen.goes_on else "&Open")
        table = self.table
        table.setColumnCount(len(seen.names) + 1 if seen.names else 0)
        table.setRowCount(len(seen.rows))
        table.setHorizontalHeaderLabels(["label", *seen.names] if seen.names else [])
        for at, (label, row) in enumerate(zip(seen.labels, seen.rows, strict=True)):
            table.setItem(at, 0, _item(label or "–", number_=False))
            for column, value in enumerate(row, 1):
                table.setItem(at, column, _item(number(value), number_=True))
        table.resizeColumnsToContents()

    def done(self, result: int) -> None:
        """Qt's own name: the end, however it comes."""
        self.jobs.close()
        super().done(result)


def _text(text: str = "", style: str = "") -> QLabel:
    """Lines of text, as the file or its names have it; ``style`` is a name in the style sheet."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setObjectName(style)
    return label


def _table() -> QTableWidget:
    """A table to look at, as high as the preview can be."""
    table = QTableWidget()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    table.setAccessibleName("The first rows as they would be read")
    table.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    height = look.TEXT_PIXELS + 11
    table.verticalHeader().setDefaultSectionSize(height)
    table.setFixedHeight((PREVIEW_ROWS + 1) * height + 16)
    return table


def _item(text: str, *, number_: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    side = Qt.AlignmentFlag.AlignRight if number_ else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return item
