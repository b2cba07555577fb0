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


MENUS = ("&File", "&Edit", "&Data", "&View", "Fi&nd", "&Scenarios", "&Convention", "E&xplore", "&Help")
FILE, EDIT, DATA, VIEW, FIND, SCENARIOS, CONVENTION, EXPLORE, HELP = MENUS
COPY_AS, STEP, GENERATE, ONLY = "Copy &as", "Step the &value", "G&enerate", "List &only"
INNER = {COPY_AS: EDIT, STEP: EDIT, GENERATE: DATA, ONLY: FIND}
"""Menus inside others: where they stand is where their first entry is in the table."""

ACTIONS = (
    Act("new", "&New …", "Make a matrix of chosen rows and classes", FILE, "beginning.new", ("Ctrl+N",)),
    Act("new_window", "New &window", "Start another window beside this one", FILE, "beginning.new_window", ("Ctrl+Shift+N",)),
    Act("open", "&Open …", "Open predictions: .npy, .npz, .csv, .json, .parquet and others; a file can also be dropped on the window",
        FILE, "opening.ask_open", ("Ctrl+O",), bar="Open"),
    Act("open_labels", "Open &labels …", "Give the present rows the labels in a file", FILE, "opening.ask_labels",
        ("Ctrl+Shift+O",)),
    Act("reload", "Reloa&d", "Read the present file again; undo brings back what was there", FILE, "opening.reload", ("F5",)),
    Act("reopen", "Reopen a&t start", "Open the last file again when the program starts", FILE, "opening.toggle_reopen",
        ("Ctrl+F5",), checkable=True),
    Act("forget_answers", "Ask a&gain about files", "Forget how files that can be read in several ways were read before", FILE,
        "asking.forget", ("Ctrl+K, Q",)),
    Act("save", "&Save", "Save predictions, labels, class names, convention and baseline", FILE, "saving.save", ("Ctrl+S",), bar="Save", rule=True),
    Act("save_as", "Save &as …", "Save under another name, as .npz or .csv", FILE, "saving.ask_save", ("Ctrl+Shift+S",)),
    Act("export", "&Export picture …", "Save a picture of this window as PNG", FILE, "viewing.save_picture", ("Ctrl+Shift+E",)),
    Act("copy_picture", "Copy p&icture", "Put a picture of this window on the clipboard", FILE, "viewing.copy_picture",
        ("Ctrl+Shift+C",)),
    Act("export_view", "Export picture o&f this view …",
        "Save the view that has the keyboard and its sentence for a report, light: as PNG, SVG or PDF", FILE,
        "picturing.save", ("Ctrl+Alt+E",)),
    Act("export_column", "Export it for one colu&mn …", "The same, 85 mm wide; a PNG has 300 dots an inch", FILE,
        "picturing.save_column", ("Ctrl+Alt+Shift+E",)),
    Act("copy_view", "Copy picture of t&his view", "Put the view that has the keyboard and its sentence on the clipboard", FILE,
        "picturing.copy", ("Ctrl+Alt+C",)),
    Act("close", "&Close", "Close this window", FILE, "close", ("Ctrl+W", "Ctrl+Q"), rule=True),
    Act("undo", "&Undo", "Take the last step back", EDIT, "editing.undo", ("Ctrl+Z",), bar="↶ Undo"),
    Act("redo", "&Redo", "Do the undone step again", EDIT, "editing.redo", ("Ctrl+Shift+Z", "Ctrl+Y"), bar="↷ Redo"),
    Act("cut", "Cu&t", "Copy the selection, set its cells to 0 and take its labels away", EDIT, "clipboard.cut", ("Ctrl+X",), rule=True),
    Act("copy", "&Copy", "Copy the selected cells, with every digit, for a spreadsheet", EDIT, "clipboard.copy", ("Ctrl+C",)),
    Act("paste", "Pa&ste", "Paste cells and labels from a spreadsheet, CSV or a printed array, as they are, whatever the edit rule",
        EDIT, "clipboard.paste", ("Ctrl+V",)),
    Act("copy_headed", "Copy with &headers", "Copy the selected cells with the names of their columns", COPY_AS,
        "clipboard.copy_headed", ("Ctrl+K, H",)),
    Act("copy_markdown", "&Markdown", "Copy the selected cells as a Markdown table", COPY_AS, "clipboard.copy_markdown",
        ("Ctrl+K, M",)),
    Act("copy_latex", "&LaTeX", "Copy the selected cells as a LaTeX table", COPY_AS, "clipboard.copy_latex", ("Ctrl+K, L",)),
    Act("copy_numpy", "&NumPy", "Copy the selected cells as a NumPy array", COPY_AS, "clipboard.copy_numpy", ("Ctrl+K, N",)),
    Act("insert_row", "Insert row &below", "Insert a row of equal shares, without a label, below the current one", DATA, "editing.insert_row",
        ("Ctrl+Return",)),
    Act("duplicate_rows", "D&uplicate rows", "Put a copy of the selected rows behind the last of them", DATA,
        "making.duplicate_rows", ("Ctrl+Shift+D",)),
    Act("delete_rows", "&Delete rows", "Delete the selected rows", DATA, "editing.delete_rows", ("Ctrl+-",)),
    Act("insert_class", "Insert &class …", "Insert a class of zeros to the right of the current one", DATA,
        "editing.insert_class", ("Ctrl+Shift+Return",), rule=True),
    Act("rename_class", "Re&name class …", "Give the current class another name", DATA, "editing.rename_class", ("Shift+F2",)),
    Act("delete_class", "Delete c&lass", "Delete the current class; its rows lose their label", DATA,
        "editing.delete_class", ("Ctrl+Shift+-",)),
    Act("class_left", "Move class le&ft", "Move the current class one place to the left", DATA, "making.class_left",
        ("Ctrl+Alt+Left",)),
    Act("class_right", "Move class ri&ght", "Move the current class one place to the right", DATA, "making.class_right",
        ("Ctrl+Alt+Right",)),
    Act("even", "&Equal shares …", "Give every class the same share, in the selected rows or all", GENERATE, "making.even",
        ("Ctrl+K, E",)),
    Act("dirichlet", "&Random rows …", "Draw rows at random, with a concentration and a seed", GENERATE, "making.dirichlet",
        ("Ctrl+K, R",)),
    Act("noise", "Add n&oise …", "Add noise to the logits of the selected rows or all", GENERATE, "making.noise", ("Ctrl+K, A",)),
    Act("normalise", "Nor&malise rows …", "Divide the selected rows, or all, by their sums", GENERATE, "making.normalise",
        ("Ctrl+K, I",)),
    Act("shuffle_labels", "&Shuffle labels …", "Deal the labels of the selected rows, or all, out anew", GENERATE,
        "making.shuffle_labels", ("Ctrl+K, U",)),
    Act("temper", "&Sharpen or soften …", "Divide the logits of the selected rows, or all, by a temperature T", EXPLORE,
        "making.temper", ("Ctrl+K, F",)),
    Act("set_label", "&Set label …", "Give the selected rows a label: type a part of its name, or pick one", DATA,
        "editing.set_label", ("Ctrl+K, B",), rule=True),
    Act("label_predicted", "Label as &predicted", "Give each selected row its prediction as label", DATA, "editing.label_predicted",
        ("Ctrl+K, Y",)),
    Act("clear_label", "Clear l&abel", "Take the label of the selected rows away", DATA, "editing.clear_label",
        ("Ctrl+Backspace",)),
    Act("select_all", "Select a&ll", "Select every cell of every listed row", EDIT, "grid.navigation.select_all", ("Ctrl+A",), rule=True),
    Act("clear_cells", "Cl&ear cells", "Make the selected cells 0, and take the selected labels away", EDIT, "filling.clear",
        ("Del",)),
    Act("fill_down", "&Fill down", "Give the selected cells, or labels, what stands in the first selected row", EDIT,
        "filling.down", ("Ctrl+D",)),
    Act("fill_right", "Fill ri&ght", "Give the selected cells what stands in the first selected class", EDIT, "filling.right",
        ("Ctrl+R",)),
    Act("step_up", "&Up", "Raise the current cell by 0.01 under the edit rule; all steps until Alt is let go are one to undo",
        STEP, "scrubbing.up", ("Alt+Up",)),
    Act("step_down", "&Down", "Lower the current cell by 0.01 under the edit rule", STEP, "scrubbing.down", ("Alt+Down",)),
    Act("step_up_far", "&Far up", "Raise the current cell by 0.1", STEP, "scrubbing.up_far", ("Alt+PgUp", "Alt+Shift+Up")),
    Act("step_down_far", "F&ar down", "Lower the current cell by 0.1", STEP, "scrubbing.down_far",
        ("Alt+PgDown", "Alt+Shift+Down")),
    Act("step_up_finely", "A &little up", "Raise the current cell by 0.001", STEP, "scrubbing.up_finely",
        ("Alt+Right", "Ctrl+Alt+Up")),
    Act("step_down_finely", "A little d&own", "Lower the current cell by 0.001", STEP, "scrubbing.down_finely",
        ("Alt+Left", "Ctrl+Alt+Down")),
    Act("pin", "&Pin baseline", "Compare everything from now on with the present numbers; again to let go", EDIT,
        "editing.pin", ("Ctrl+B",), bar="Pin baseline", rule=True, checkable=True),
    Act("decimals_more", "&More decimals", "Show one more decimal", VIEW, "viewing.more_decimals", ("Ctrl+.",)),
    Act("decimals_fewer", "&Fewer decimals", "Show one decimal less", VIEW, "viewing.fewer_decimals", ("Ctrl+,",)),
    Act("numbers_decimals", "Numbers: &decimals", "Write the grid's numbers as 0.1234", VIEW, "viewing.as_decimals",
        ("Ctrl+K, D",), rule=True, checkable=True),
    Act("numbers_percent", "Numbers: &percent", "Write the grid's probabilities as 12.34%", VIEW, "viewing.as_percent",
        ("Ctrl+K, P",), checkable=True),
    Act("numbers_scientific", "Numbers: &scientific", "Write the grid's numbers as 1.23e-01", VIEW, "viewing.as_scientific",
        ("Ctrl+K, S",), checkable=True),
    Act("top_five", "Five lar&gest classes", "Show label, prediction and each row's five largest classes only; again for all classes",
        VIEW, "grid.toggle_top", ("Ctrl+K, T",), rule=True, checkable=True),
    Act("one_hot", "Labels as &0 and 1", "Show the labels as a matrix of 0 and 1; a click in it moves the label", VIEW,
        "grid.toggle_one_hot", ("Ctrl+K, O",), checkable=True),
    Act("full_screen", "Full scr&een", "Fill the screen with this window", VIEW, "viewing.full_screen", ("F11",), rule=True),
    Act("reset_layout", "Reset layou&t", "Put every view back in its place", VIEW, "docking.reset", ("Ctrl+0",)),
    Act("maximise", "Ma&ximise view", "Give the view or the grid that has the keyboard the whole window; again, or Esc, to go back",
        VIEW, "docking.maximise", ("Ctrl+Shift+M",), rule=True),
    Act("next_view", "&Next view", "Take the keyboard to the next view, and after the last to the grid", VIEW, "docking.next_view",
        ("F6",)),
    Act("previous_view", "Pre&vious view", "Take the keyboard to the view before", VIEW, "docking.previous_view", ("Shift+F6",)),
    Act("find", "&Find …", "Look for a value in a cell, such as 0.5 or >0.9, or for a class", FIND, "finding.ask_find", ("Ctrl+F",)),
    Act("find_next", "Find &next", "Go to the next place that fits what was looked for last", FIND, "finding.find_next", ("F3",)),
    Act("find_previous", "Find &previous", "Go to the place before", FIND, "finding.find_previous", ("Shift+F3",)),
    Act("go_row", "&Go to row …", "Go to a row by its number in the file", FIND, "finding.ask_row", ("Ctrl+G",), rule=True),
    Act("go_class", "Go to &class …", "Go to a class's column by its name", FIND, "finding.ask_class", ("Ctrl+Shift+G",)),
    Act("next_wrong", "Next &wrong row", "Go to the next listed row whose prediction is not its label", FIND,
        "finding.next_wrong", ("F8",)),
    Act("previous_wrong", "Pre&vious wrong row", "Go to the wrong row before", FIND, "finding.previous_wrong", ("Shift+F8",)),
    Act("worst", "Wor&st row", "Go to the listed row with the largest loss", FIND, "finding.worst", ("Ctrl+F8",)),
    Act("filter", "Fi&lter …", "List the rows that meet typed conditions, such as wrong loss>2 label=fox", FIND,
        "finding.ask_filter", ("Ctrl+Shift+F",), rule=True),
    Act("filter_wrong", "Only &wrong rows", "List the wrong rows only", ONLY, "filtering.wrong", ("Ctrl+L, W",)),
    Act("filter_right", "Only &right rows", "List the right rows only", ONLY, "filtering.right", ("Ctrl+L, R",)),
    Act("filter_tied", "Only rows with a &tied label", "List the rows whose label is tied for the largest cell", ONLY, "filtering.tied",
        ("Ctrl+L, T",)),
    Act("filter_unlabelled", "Only rows with&out a label", "List the rows without a label", ONLY, "filtering.unlabelled", ("Ctrl+L, U",)),
    Act("filter_sum", "Only rows that do not &sum to 1", "List the rows of probabilities that do not sum to 1", ONLY, "filtering.sum_off",
        ("Ctrl+L, S",)),
    Act("filter_odd", "Only rows with cells that are &no probabilities", "List the rows with a cell that is not finite or no probability", ONLY,
        "filtering.odd", ("Ctrl+L, O",)),
    Act("filter_label", "Only rows with this &label", "List the rows with the current row's label", ONLY, "filtering.same_label",
        ("Ctrl+L, L",)),
    Act("filter_prediction", "Only rows with this &prediction", "List the rows with the current row's prediction", ONLY,
        "filtering.same_prediction", ("Ctrl+L, P",)),
    Act("filter_class", "Only rows of this &class", "List the rows whose label is the current class", ONLY, "filtering.this_class",
        ("Ctrl+L, C",)),
    Act("filter_mistake", "Only rows with this label and pr&ediction", "List the rows with the current row's label and prediction", ONLY,
        "filtering.same_mistake", ("Ctrl+L, M",)),
    Act("filter_none", "&All rows", "List all rows again", FIND, "filtering.all_rows", ("Ctrl+L, A",)),
    Act("filter_metrics", "&Metrics of the listed rows", "Let the tiles speak of the rows the filter lets through; again for all rows",
        FIND, "filtering.toggle_metrics", ("Ctrl+Alt+M",), checkable=True),
    Act("sort", "Sor&t by this column", "Sort by the current column; again for the other way, and again for the file's order",
        FIND, "grid.sort_by_column", ("F7",), rule=True),
    Act("file_order", "File or&der", "List the rows in the file's order", FIND, "filtering.file_order", ("Shift+F7",)),
    Act("reapply", "&Reapply", "Filter and sort again by the present numbers", FIND, "filtering.reapply", ("Shift+F5",)),
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
    Act("diagnostics", "Copy &diagnostics", "Versions, shapes and the end of the log as text; nothing of your data", HELP,
        "alarm.copy", ("Shift+F1",)),
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
        if act.id not in ("undo", "redo"):  # what is being typed counts, for saving as for every edit
            action.triggered.connect(attrgetter("grid.commit")(window))
        action.triggered.connect(attrgetter(act.slot)(window))
        if act.menu not in menus:
            menus[act.menu] = menus[INNER[act.menu]].addMenu(act.menu)
            menus[act.menu].setToolTipsVisible(True)
        if act.rule:
            menus[act.menu].addSeparator()
        menus[act.menu].addAction(action)
        if act.bar:
            action.setIconText(act.bar)
        actions[act.id] = action
    return actions, menus
