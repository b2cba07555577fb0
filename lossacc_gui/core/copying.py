"""Cells as texts for other programs: tab-separated with every digit, Markdown, LaTeX, NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.evaluation import Evaluation
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.stopping import Pace, unhurried
from lossacc_gui.core.wording import MINUS, number

MOST_CELLS = 2_000_000
"""More than this is no text for a clipboard."""

PIECE_CELLS = 10_000
"""Cells written at a time, or one line."""

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    }
)


class Style(StrEnum):
    """How cells are written."""

    TABS = "text"
    HEADED = "text with headers"
    MARKDOWN = "Markdown table"
    LATEX = "LaTeX table"
    NUMPY = "NumPy array"


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """One column to be copied: its name, and its values (k,): numbers, or names.

    In a ``computed`` column NaN stands for a row without a label, and is written as nothing.
    """

    name: str
    values: NDArray[np.floating] | NDArray[np.str_]
    computed: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it holds names."""
        return self.values.dtype.kind == "U"


def class_columns(
    predictions: Predictions, epoch: int, rows: NDArray[np.intp], classes: NDArray[np.intp]
) -> list[Column]:
    """The cells of some rows and classes, in their own dtype."""
    cells = predictions.probs[epoch][np.ix_(rows, classes)]
    names = predictions.class_names
    return [Column(names[c], cells[:, i]) for i, c in enumerate(classes.tolist())]


def fact_column(evaluation: Evaluation, rows: NDArray[np.intp], fact: str) -> Column:
    """What some rows mean: "label", "prediction", "p(label)", "loss" or "margin"; empty without a label."""
    predictions, stats = evaluation.predictions, evaluation.stats
    if fact in ("label", "prediction"):
        codes = predictions.labels if fact == "label" else stats.prediction
        return Column(fact, np.array([*predictions.class_names, ""])[codes[rows]])
    numbers = {
        "p(label)": stats.p_label,
        "loss": stats.loss / evaluation.convention.nats,
        "margin": stats.margin,
    }
    name = f"{evaluation.convention.rows.letter}(label)" if fact == "p(label)" else fact
    return Column(name, numbers[fact][rows], computed=True)


def text(columns: list[Column], style: Style, pace: Pace = unhurried) -> str:
    """The columns in this style, ending with a line end unless it is one line of text. May raise Stopped."""
    return "".join(paced(columns, style, pace))


def paced(columns: list[Column], style: Style, pace: Pace) -> Iterator[str]:
    """The text of ``text`` in pieces, whose share is told one by one. May raise Stopped."""
    height, lines = max(1, len(columns[0].values)), 0
    for piece in pieces(columns, style):
        yield piece
        lines += piece.count("\n")
        pace(min(1.0, lines / height))


def pieces(columns: list[Column], style: Style) -> Iterator[str]:
    """The text of ``text`` in pieces, for one too long to be held."""
    height = len(columns[0].values)
    match style:
        case Style.TABS | Style.HEADED:
            if style is Style.HEADED:
                yield "\t".join(_plain(column.name) for column in columns) + "\n"
            yield from _lines(columns, "", "\t", "\n" if height > 1 or style is Style.HEADED else "")
        case Style.MARKDOWN:
            yield f"| {' | '.join(_piped(column.name) for column in columns)} |\n"
            yield f"| {' | '.join(':---' if column.is_text else '---:' for column in columns)} |\n"
            yield from _lines(columns, "| ", " | ", " |\n")
        case Style.LATEX:
            sides = "".join("l" if column.is_text else "r" for column in columns)
            yield f"% needs \\usepackage{{booktabs}}\n\\begin{{tabular}}{{{sides}}}\n\\toprule\n"
            yield f"{' & '.join(_latex(column.name) for column in columns)} \\\\\n\\midrule\n"
            yield from _lines(columns, "", " & ", " \\\\\n")
            yield "\\bottomrule\n\\end{tabular}\n"
        case Style.NUMPY:
            yield from _numpy(columns)


def _lines(columns: list[Column], begin: str, between: str, end: str) -> Iterator[str]:
    """The rows as lines. A table to be read has four decimals, one to be pasted every digit."""
    step = max(1, PIECE_CELLS // len(columns))
    for start in range(0, len(columns[0].values), step):
        part = slice(start, start + step)
        cells = [_texts(column, part, between) for column in columns]
        yield "".join(f"{begin}{between.join(row)}{end}" for row in zip(*cells, strict=True))


def _texts(column: Column, part: slice, between: str) -> list[str]:
    """Some cells of a column as the format that has this ``between`` its cells wants them."""
    values = column.values[part]
    if column.is_text:
        tidy = {"\t": _plain, " | ": _piped}.get(between, _latex)
        return [tidy(str(value)) for value in values.tolist()]
    if between == "\t":
        texts = values.astype(str).tolist()
        return ["" if value == "nan" else value for value in texts] if column.computed else texts
    signs = {"∞": r"$\infty$", MINUS: "$-$"} if between == " & " else {}
    texts = [number(value) for value in values.tolist()]
    for sign, written in signs.items():
        texts = [one.replace(sign, written) for one in texts]
    return texts


def _numpy(columns: list[Column]) -> Iterator[str]:
    """A statement that makes the array: of numbers if all are, else of texts."""
    numbers = not any(column.is_text for column in columns)
    yield "np.array(["
    step = max(1, PIECE_CELLS // len(columns))
    for start in range(0, len(columns[0].values), step):
        part = slice(start, start + step)
        cells = [
            [_python(value) if numbers else repr(value) for value in column.values[part].astype(str).tolist()]
            for column in columns
        ]
        rows = [f"[{', '.join(row)}]" for row in zip(*cells, strict=True)]
        yield ("" if start == 0 else ",\n          ") + ",\n          ".join(rows)
    kind = columns[0].values.dtype
    yield f"], dtype=np.{kind})\n" if numbers and kind != np.float64 else "])\n"


def _python(text_of_number: str) -> str:
    return (
        f"np.{text_of_number}"
        if text_of_number in ("nan", "inf")
        else text_of_number.replace("-inf", "-np.inf")
    )


def _plain(name: str) -> str:
    """A name in a tab-separated line: in quotes when it would not come back as it is."""
    if any(sign in name for sign in '\t\n"'):
        return '"' + name.replace('"', '""') + '"'
    return name


def _piped(name: str) -> str:
    return name.replace("|", r"\|").replace("\n", " ")


def _latex(name: str) -> str:
    return name.translate(_LATEX).replace("\n", " ")
