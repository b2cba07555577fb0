"""The table of actions: menus, tool bar and shortcuts are read from it."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu


@dataclass(frozen=True, slots=True)
class Act:
    """One thing the user can do. ``slot`` is the name of a method of the window,
    or of one of its parts.

    ``menu`` is "" for none; ``bar`` puts it on the tool bar; ``rule`` draws a line above it.
    """

    id: str
    text: str
    tip: str
    menu: str
    slot: str
    keys: tuple[str, ...] = ()
    bar: str = ""
    rule: bool = False
    checkable: bool = False


MENUS = ("&File", "&Edit", "&View", "&Scenarios", "&Convention", "E&xplore", "&Help")
FILE, EDIT, VIEW, SCENARIOS, CONVENTION, EXPLORE, HELP = MENUS

ACTIONS = (
    Act("new", "&New …", "Make a matrix of chosen rows and classes", FILE, "on_new", ("Ctrl+N",)),
    Act("new_window", "New &window", "Start another window beside this one", FILE, "on_new_window", ("Ctrl+Shift+N",)),
    Act("open", "&Open …", "Open predictions: .npy, .npz, .csv or .tsv; a file can also be dropped on the window",
        FILE, "opening.ask_open", ("Ctrl+O",), bar="Open"),
    Act("open_labels", "Open &labels …", "Give the present rows the labels in a file", FILE, "opening.ask_labels",
        ("Ctrl+Shift+O",)),
    Act("save", "&Save", "Save predictions, labels and class names", FILE, "opening.save", ("Ctrl+S",), bar="Save", rule=True),
    Act("save_as", "Save &as …", "Save under another name, as .npz or .csv", FILE, "opening.ask_save", ("Ctrl+Shift+S",)),
    Act("export", "&Export picture …", "Save a picture of this window as PNG", FILE, "viewing.save_picture", ("Ctrl+Shift+E",),
        bar="Picture"),
    Act("copy_picture", "Copy p&icture", "Put a picture of this window on the clipboard", FILE, "viewing.copy_picture",
        ("Ctrl+Shift+C",)),
    Act("close", "&Close", "Close this window", FILE, "close", ("Ctrl+W", "Ctrl+Q"), rule=True),
    Act("undo", "&Undo", "Take the last step back", EDIT, "editing.undo", ("Ctrl+Z",), bar="↶ Undo"),
    Act("redo", "&Redo", "Do the undone step again", EDIT, "editing.redo", ("Ctrl+Shift+Z", "Ctrl+Y"), bar="↷ Redo"),
    Act("insert_row", "Insert row &below", "Insert a row of equal shares below the current one", EDIT, "editing.insert_row",
        ("Ctrl+Return",), rule=True),
    Act("delete_rows", "&Delete rows", "Delete the selected rows", EDIT, "editing.delete_rows", ("Ctrl+-",)),
    Act("insert_class", "Insert &class …", "Insert a class of zeros to the right of the current one", EDIT,
        "editing.insert_class", ("Ctrl+Shift+Return",)),
    Act("rename_class", "Re&name class …", "Give the current class another name", EDIT, "editing.rename_class", ("Shift+F2",)),
    Act("delete_class", "Delete c&lass", "Delete the current class; its rows lose their label", EDIT,
        "editing.delete_class", ("Ctrl+Shift+-",)),
    Act("clear_label", "Clear l&abel", "Take the label of the selected rows away", EDIT, "editing.clear_label",
        ("Ctrl+Backspace",)),
    Act("pin", "&Pin baseline", "Compare everything from now on with the present numbers; again to let go", EDIT,
        "editing.pin", ("Ctrl+B",), bar="Pin baseline", rule=True, checkable=True),
    Act("decimals_more", "&More decimals", "Show one more decimal", VIEW, "viewing.more_decimals", ("Ctrl+.",)),
    Act("decimals_fewer", "&Fewer decimals", "Show one decimal less", VIEW, "viewing.fewer_decimals", ("Ctrl+,",)),
    Act("full_screen", "F&ull screen", "Fill the screen with this window", VIEW, "viewing.full_screen", ("F11",), rule=True),
    Act("reset_layout", "&Reset layout", "Put every view back in its place", VIEW, "docking.reset", ("Ctrl+0",)),
    Act("maximise", "Ma&ximise view", "Give the view or the grid that has the keyboard the whole window; again, or Esc, to go back",
        VIEW, "docking.maximise", ("Ctrl+Shift+M",), rule=True),
    Act("next_view", "&Next view", "Take the keyboard to the next view, and after the last to the grid", VIEW, "docking.next_view",
        ("F6",)),
    Act("previous_view", "Pre&vious view", "Take the keyboard to the view before", VIEW, "docking.previous_view", ("Shift+F6",)),
    Act("flip", "&Flip this row", "Make the current row wrong, or right, with the smallest move there is", EXPLORE,
        "exploring.flip", ("Ctrl+E",)),
    Act("make_right", "Make this row &right", "Make the current row right without touching its loss, or say why it cannot be",
        EXPLORE, "exploring.make_right", ("Ctrl+Alt+R",)),
    Act("make_wrong", "Make this row &wrong", "Make the current row wrong without touching its loss, or say why it cannot be",
        EXPLORE, "exploring.make_wrong", ("Ctrl+Alt+W",)),
    Act("push_up", "&Highest accuracy at these losses", "Make right every row that can be, each row's loss unchanged", EXPLORE,
        "exploring.push_up", ("Ctrl+Alt+H",), rule=True),
    Act("push_down", "&Lowest accuracy at these losses", "Make wrong every row that can be, each row's loss unchanged", EXPLORE,
        "exploring.push_down", ("Ctrl+Alt+L",)),
    Act("exchange", "E&xchange losses …", "Move the losses of two rows against each other: cross-entropy stands still", EXPLORE,
        "exploring.exchange", ("Ctrl+Alt+X",), rule=True),
    Act("build", "&Build a matrix …", "Make predictions for these labels with a chosen cross-entropy and accuracy", EXPLORE,
        "exploring.build", ("Ctrl+Alt+B",)),
    Act("shortcuts", "&Keys", "Every shortcut on one page", HELP, "viewing.keys", ("F1",)),
    Act("about", "&About", "Version, libraries and licence", HELP, "viewing.about"),
)  # fmt: skip


def build(window: QMainWindow) -> tuple[dict[str, QAction], dict[str, QMenu]]:
    """Make every action and the menus, in the order of the table."""
    menus = {title: window.menuBar().addMenu(title) for title in MENUS}
    for menu in menus.values():
        menu.setToolTipsVisible(True)
    actions = {}
    for act in ACTIONS:
        action = QAction(act.text, window)
        action.setObjectName(act.id)
        action.setShortcuts([QKeySequence(key) for key in act.keys])
        keys = f" ({act.keys[0]})" if act.keys else ""
        action.setToolTip(f"{act.tip}{keys}")
        action.setStatusTip(act.tip)
        action.setCheckable(act.checkable)
        action.triggered.connect(attrgetter(act.slot)(window))
        if act.rule:
            menus[act.menu].addSeparator()
        menus[act.menu].addAction(action)
        if act.bar:
            action.setIconText(act.bar)
        actions[act.id] = action
    return actions, menus
