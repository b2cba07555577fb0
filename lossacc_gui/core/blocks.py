"""A block of texts out of what a clipboard holds: spreadsheets, pandas, CSV, Markdown, text, printed arrays.

What stands between the cells is told from the text: tabs, else bars, else brackets, else semicolons, else
commas, else blanks. A comma inside a number is a decimal comma where no dot is one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.stopping import Pace, unhurried
from lossacc_gui.core.wording import counted, parse_number

Lines = Sequence[Sequence[str]]

LINES = 1_000
"""Lines whose cells are read at a time."""

SPLIT = 0.3
"""The share of the work that splits a text into lines of cells, roughly."""

_WRAPPED = re.compile(r"\b(?:np\.|numpy\.)?(?:float|int|uint)\d+\(([^()\[\]]*)\)")
_ARRAY = re.compile(
    r"^(?:np\.|numpy\.|torch\.|jnp\.)?(?:array|tensor|Array|asarray)\s*\((.*)\)\s*;?$", re.DOTALL
)
_TAIL = re.compile(r",\s*(?:dtype|device|requires_grad|grad_fn|shape)\s*=\s*[^\[\]]*$", re.DOTALL)
_DECIMAL_COMMA = re.compile(r"[-+−]?\d*,\d+(?:[eE][-+]?\d+)?\s?%?")
_BAR, _RULE = re.compile(r"(?<!\\)\|"), re.compile(r":?-{2,}:?")
_PERCENT = re.compile(r"(\d)[ \u00a0]+%")


@dataclass(frozen=True, slots=True)
class Block:
    """Texts as they were pasted, every row as long as the first.

    ``header`` holds the column names when the first line was one, else it is empty. ``notes`` say what was
    found out about the text.
    """

    rows: tuple[tuple[str, ...], ...]
    header: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """How many rows it has."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.rows[0])


def is_number(text: str) -> bool:
    """Whether a text can be read as a number."""
    try:
        parse_number(text)
    except Refusal:
        return False
    return True


def read_block(text: str, pace: Pace = unhurried) -> Block:
    """The block a text holds. Raises Refusal when it is empty or its rows differ in length, and maybe Stopped."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").removesuffix("\n")
    if not plain.strip():
        raise Refusal("clipboard", "there is no text in it", "copy some cells first")
    barred = plain.lstrip().startswith("|") and "\t" not in plain
    lines, between = (_barred(plain), "bars") if barred else _split(plain)
    header, lines, notes = _headed(lines)
    _require_even(lines)
    pace(SPLIT)
    cells: list[tuple[str, ...]] = []
    for start in range(0, len(lines), LINES):
        cells += (tuple(cell.strip() for cell in row) for row in lines[start : start + LINES])
        pace(SPLIT + (1 - SPLIT) * len(cells) / len(lines))
    if any("," in cell and _DECIMAL_COMMA.fullmatch(cell) for row in cells for cell in row):
        notes.append("a comma was read as the decimal point")
    told = [f"cells stood between {between}"] if between and len(cells[0]) > 1 else []
    return Block(tuple(cells), header, (*told, *notes))


def _split(text: str) -> tuple[Lines, str]:
    """Lines of cells, and what stood between them when that had to be found out."""
    if "\t" in text:
        return _separated(text, "\t"), ""
    plain = _WRAPPED.sub(r"\1", text.strip())
    if (array := _ARRAY.match(plain)) or plain[:1] in ("[", "("):
        inside = _TAIL.sub("", array.group(1)) if array else plain
        return _bracketed(inside.strip().rstrip(",;")), "brackets"
    if ";" in text:
        return _separated(text, ";"), "semicolons"
    words = [_PERCENT.sub(r"\1%", line).split() for line in text.splitlines() if line.strip()]
    named = len(words) > 1 and not any(map(is_number, words[0]))
    body = words[1:] if named else words
    if "," in text and ((named and "," in "".join(words[0])) or not _all_decimal(body)):
        return _separated(text, ","), "commas"
    # Names may hold blanks: only where every line has a number are blanks what stands between cells.
    if all(any(map(is_number, row)) for row in body):
        return words, "blanks"
    return [[line] for line in text.split("\n")], ""


def _all_decimal(words: Lines) -> bool:
    """Whether each comma in these words may be a decimal one."""
    return all(_DECIMAL_COMMA.fullmatch(word) or "," not in word for row in words for word in row)


def _separated(text: str, separator: str) -> Lines:
    """Lines as spreadsheets write them: a cell in quotes may hold anything."""
    try:
        lines = csv.reader(StringIO(text), delimiter=separator, skipinitialspace=True)
        return [line for line in lines if line]
    except csv.Error as error:
        raise Refusal(
            "clipboard", f"a quoted cell has no end ({error})", "copy the cells once more"
        ) from error


def _barred(text: str) -> Lines:
    """The cells of a Markdown table, without the line that rules its header off."""
    lines = [line.strip().removeprefix("|").removesuffix("|") for line in text.splitlines() if line.strip()]
    rows = [[cell.replace(r"\|", "|") for cell in _BAR.split(line)] for line in lines]
    return [row for row in rows if not all(_RULE.fullmatch(cell.strip()) for cell in row)]


def _bracketed(text: str) -> Lines:
    """The rows of a printed array: one axis is one row, two are rows."""
    if "..." in text or "…" in text:
        raise Refusal(
            "clipboard",
            "the array was printed with “...” in place of numbers",
            "print it whole, with np.set_printoptions(threshold=np.inf)",
        )
    text = text.replace("(", "[").replace(")", "]")
    depth = deepest = 0
    for sign in text:
        depth += (sign == "[") - (sign == "]")
        deepest = max(deepest, depth)
        if depth < 0:
            break
    if depth:
        raise Refusal("clipboard", "its brackets do not match", "copy the whole array")
    if deepest > 2:
        raise Refusal("clipboard", f"an array with {deepest} axes", "copy one matrix of it")
    rows = []
    for inner in re.findall(r"\[([^\[\]]*)\]", text):
        body = inner.strip().rstrip(",")
        parts = body.split(",") if "," in body else body.split()
        rows.append([part.strip().strip("'\"") for part in parts])
    outside = re.sub(r"[\[\],\s]", "", re.sub(r"\[[^\[\]]*\]", "", text))
    if outside:
        raise Refusal("clipboard", f"“{outside[:20]}” stands outside the brackets", "copy the array alone")
    return rows


def _headed(lines: Lines) -> tuple[tuple[str, ...], Lines, list[str]]:
    """The header, if the first line is one, and the lines without it and without pandas' index."""
    first = [cell.strip() for cell in lines[0]]
    if len(lines) < 2 or any(cell and is_number(cell) for cell in first) or not any(first):
        return _numbered(lines)
    width = len(lines[1])
    numbers = [column for column in range(width) if is_number(lines[1][column])]
    labels = [cell.lower() for cell in first] == ["label"]
    if not (numbers or labels):
        return (), lines, []
    rest, notes = lines[1:], ["the first line was taken to be a header"]
    if (len(first) == width and not first[0] and width > 1) or len(first) == width - 1:
        first = first[-(width - 1) :]
        rest = [row[1:] for row in rest]
        notes = ["the first line was taken to be a header, the first column to be row numbers"]
    return tuple(first), rest, notes


def _numbered(lines: Lines) -> tuple[tuple[str, ...], Lines, list[str]]:
    """pandas writes its column numbers behind an empty cell."""
    first = [cell.strip() for cell in lines[0]]
    numbers = [str(i) for i in range(len(first) - 1)]
    if len(lines) > 1 and len(first) > 1 and not first[0] and first[1:] == numbers:
        notes = ["the first line was taken to be a header, the first column to be row numbers"]
        return tuple(first[1:]), [row[1:] for row in lines[1:]], notes
    return (), lines, []


def _require_even(lines: Lines) -> None:
    width = len(lines[0]) if lines else 0
    if not width:
        raise Refusal("clipboard", "there is no cell in it", "copy some cells first")
    for number, row in enumerate(lines, 1):
        if len(row) != width:
            raise Refusal(
                f"row {number} of the clipboard",
                f"{counted(len(row), 'cell')}, but {width:,} in the first",
                "give every row as many",
            )


def tiled(block: Block, height: int, width: int) -> Block:
    """The block repeated to fill a selection that it divides evenly, else as it is."""
    if height % block.height or width % block.width or (height, width) == (block.height, block.width):
        return block
    rows = tuple(row * (width // block.width) for row in block.rows) * (height // block.height)
    return replace(block, rows=rows, header=())
