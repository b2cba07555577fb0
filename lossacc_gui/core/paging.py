"""States with more rows than numbers can be kept of: a page of them is looked at, and all are counted.

Everything that looks at rows looks at the page: the state's predictions are the page's. What is added up
is added up over all pages: the tally of the whole is that of the page and of the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from lossacc_gui.core.bulk import MakeRows, SetRows, parts_of
from lossacc_gui.core.convention import Convention
from lossacc_gui.core.edits import (
    Edit,
    RenameClass,
    Replace,
    SetBaseline,
    SetCells,
    SetConvention,
    SetLabels,
)
from lossacc_gui.core.evaluation import WORKERS, evaluate
from lossacc_gui.core.mending import Mend, Mending
from lossacc_gui.core.page import Page
from lossacc_gui.core.predictions import Predictions
from lossacc_gui.core.recipes import Normalise, Temper
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.state import State
from lossacc_gui.core.stopping import Stopped
from lossacc_gui.core.tally import Tally

LARGE_ROWS = 20_000_000
"""More rows than these are looked at page by page: the numbers of each would fill the memory."""

PAGE_ROWS = 100_000
"""A page has about so many rows, or one image."""

MOST_IMAGE = 20 * PAGE_ROWS
"""Larger images are cut into pages of rows."""

MOST_CELLS = 1_000_000
"""An edit of rows with more cells would need a copy of them, and is refused where there are pages."""

IN_PLACE = (SetCells, SetLabels, SetRows, MakeRows)
"""The edits that change the rows they name and no other."""

BESIDE = (SetConvention, SetBaseline, RenameClass, Replace)
"""The edits that change no row."""


def paged(state: State, image: int = 0, *, most: int = LARGE_ROWS, rows: int = PAGE_ROWS) -> State:
    """The state with its first page, where it has more than ``most`` rows; else the state itself.

    ``image`` is how many rows one image has, 0 for none; a page has about ``rows`` of them, in whole images.
    """
    whole = state.predictions
    if whole.rows <= most:
        return state
    image = image if 0 < image <= MOST_IMAGE else 0
    size = image * max(1, rows // image) if image else rows
    return turned(state, Page(size, 0, image, whole), 0)


def turned(state: State, page: Page, number: int) -> State:
    """The state with another page looked at."""
    page = replace(page, number=number, whole=replace(page.all, class_names=state.predictions.class_names))
    return replace(state, predictions=page.predictions(), page=page)


def every_row(state: State) -> Predictions:
    """All rows, whether there are pages or not."""
    if state.page is None:
        return state.predictions
    return replace(state.page.all, class_names=state.predictions.class_names)


def closed(edit: Edit) -> Edit:
    """An edit as it is recorded: with all rows instead of a page, which is a view of them."""
    if not isinstance(edit, Replace) or edit.state.page is None:
        return edit
    page = replace(edit.state.page, whole=None)
    return replace(edit, state=replace(edit.state, predictions=every_row(edit.state), page=page))


def whole_or_page(state: State) -> State:
    """The state that was recorded so. Raises Refusal when the page cannot be one of its rows."""
    page, whole = state.page, state.predictions
    if page is None:
        return state
    if page.size < 1 or not 0 <= page.number < -(-whole.rows // page.size):
        raise Refusal("page", "there is none of this number", "open the file again")
    return turned(state, replace(page, whole=whole), page.number)


def turns(edit: Edit) -> bool:
    """Whether an edit is of the rows of one page, and can only be done there."""
    return not isinstance(edit, BESIDE)


def require_page(edit: Edit, state: State) -> None:
    """Raise Refusal when an edit needs a copy of more rows than a page may change at once."""
    if state.page is None or isinstance(edit, BESIDE):
        return
    within = all(isinstance(part, IN_PLACE) for part in parts_of(edit))
    if within and edit.cells(state) <= MOST_CELLS:
        return
    what = f"there are {state.page.all.rows:,} rows, too many to be copied"
    raise Refusal("", what, _instead(edit))


def _instead(edit: Edit) -> str:
    """What does the same without a copy."""
    recipe = edit.recipe if isinstance(edit, MakeRows) else None
    if isinstance(recipe, Temper):
        return f"choose the temperature {recipe.temperature:g} in the convention: it reads all rows so"
    if isinstance(recipe, Normalise):
        return "choose normalised rows in the convention: it reads all rows so"
    if isinstance(edit, Mend) and edit.how is Mending.PERCENT:
        return "choose normalised rows in the convention: the same shares are read from percentages"
    if all(isinstance(part, IN_PLACE) for part in parts_of(edit)):
        return f"select fewer: up to {MOST_CELLS:,} cells can be edited at once"
    return "do this to the file where it was made, and open it again"


def tallies(
    page: Page,
    convention: Convention,
    epoch: int,
    numbers: Sequence[int],
    stop: Callable[[], bool] = bool,
) -> Iterator[tuple[int, Tally]]:
    """The tally of each of these pages, with its number, as they are now. Raises Stopped."""

    def of(number: int) -> Tally:
        if stop():
            raise Stopped
        rows = replace(page, number=number).predictions()
        return evaluate(rows, convention, epoch, stop=stop).tally

    with ThreadPoolExecutor(WORKERS) as pool:
        yield from zip(numbers, pool.map(of, numbers), strict=True)


def tally_of_all(
    predictions: Predictions,
    convention: Convention,
    epoch: int = 0,
    stop: Callable[[], bool] = bool,
    *,
    rows: int = PAGE_ROWS,
) -> Tally:
    """The tally of any number of rows, in the memory of a few pages. Raises Stopped."""
    page = Page(rows, whole=predictions)
    return sum((tally for _, tally in tallies(page, convention, epoch, range(page.count), stop)), Tally())
