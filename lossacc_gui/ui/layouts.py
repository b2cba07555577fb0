"""Which views stand where: the named layouts, and the groups of the View menu."""

from __future__ import annotations

from dataclasses import dataclass

Stack = tuple[str, ...]
"""Keys of views in one place, as tabs; the first is in front."""


@dataclass(frozen=True, slots=True)
class Layout:
    """An arrangement by name: columns of stacks beside the grid.

    Views that are not named are hidden; the View menu brings each back as a tab. ``share`` is the part of
    the window's width that the views take.
    """

    key: str
    title: str
    tip: str
    keys: str
    columns: tuple[tuple[Stack, ...], ...]
    share: float = 0.5


LAYOUTS = (
    Layout(
        "learn",
        "Learn",
        "Sweep one cell, see all that is possible, move the bars of a row",
        "Ctrl+Alt+1",
        ((("sweep",), ("bars", "losses")), (("plane",), ("history",))),
    ),
    Layout(
        "diagnose",
        "Diagnose",
        "Where the loss comes from, and which classes and confidences go wrong",
        "Ctrl+Alt+2",
        (
            (("losses", "surprise"), ("margin", "temperature", "threshold")),
            (("confusion", "classes"), ("reliability", "plane", "bars")),
        ),
        0.62,
    ),
    Layout(
        "report",
        "Report",
        "What changed since the baseline, by which convention, and the pictures that show it",
        "Ctrl+Alt+3",
        (
            (("ledger", "conventions"), ("losses", "reliability")),
            (("plane", "history"), ("metrics", "classes", "confusion")),
        ),
        0.62,
    ),
)

GROUPS = (
    ("&Cell and row", ("sweep", "bars")),
    ("&Whole matrix", ("plane", "history", "metrics")),
    ("&Rows", ("losses", "surprise", "margin")),
    ("C&onfidence", ("reliability", "temperature", "threshold", "roc", "precision")),
    ("C&lasses", ("confusion", "classes")),
    ("Comp&arisons", ("ledger", "conventions")),
)
"""The submenus of the View menu; a view that is in none of them gets a place of its own below."""


def grouped(keys: list[str]) -> list[tuple[str, list[str]]]:
    """The views by the submenu they belong to, each in the order of its group."""
    groups = [(title, [key for key in members if key in keys]) for title, members in GROUPS]
    named = {key for _, members in groups for key in members}
    groups.append(("Ot&hers", [key for key in keys if key not in named]))
    return [(title, members) for title, members in groups if members]
