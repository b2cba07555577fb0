"""Of several sheets the one that can hold predictions is read; of several such, one is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.chart import BarChart

from lossacc_gui.files import Choices, FileRefusal, Progress, open_predictions, preview

P: list[list[object]] = [["a", "b", "label"], [0.25, 0.75, "b"], [0.5, 0.5, "a"]]
Q: list[list[object]] = [["a", "b", "label"], [0.125, 0.875, "b"]]


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], *, chart: bool = False) -> str:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    if chart:
        book.create_chartsheet("plot").add_chart(BarChart())
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return str(path)


@pytest.mark.parametrize(
    ("sheets", "taken"),
    [
        ({"results": P}, "results"),
        ({"notes": [["made by hand"]], "results": P}, "results"),
        ({"empty": [], "results": P}, "results"),
        ({"old": Q, "pred_probs": P}, "pred_probs"),
        ({"Predictions": P, "test": Q}, "Predictions"),
    ],
)
def test_the_sheet_that_can_be_predictions_is_taken(tmp_path, sheets, taken):
    opened = open_predictions(workbook(tmp_path / "p.xlsx", sheets))
    np.testing.assert_array_equal(opened.predictions.probs[0], [[0.25, 0.75], [0.5, 0.5]])
    assert any(f"sheet '{taken}'" in note for note in opened.notes) == (len(sheets) > 1)


def test_a_sheet_with_a_chart_is_passed_over(tmp_path):
    assert open_predictions(workbook(tmp_path / "p.xlsx", {"x": P}, chart=True)).predictions.rows == 2


def test_of_several_one_is_asked_for_and_shown(tmp_path):
    path = workbook(tmp_path / "p.xlsx", {"train": Q, "notes": [["made by hand"]], "test": P})
    with pytest.raises(FileRefusal, match="sheets 'train', 'test' may each hold the predictions") as refused:
        open_predictions(path)
    question = refused.value.question
    assert question is not None
    assert [option.value for option in question.options] == ["train", "test"]
    for sheet, rows in (("train", 1), ("test", 2)):
        choices = Choices().put(question.key, sheet)
        assert open_predictions(path, choices=choices).predictions.rows == rows
        assert preview(path, None, Progress(), choices).says.startswith(f"{rows} row")


def test_where_none_can_be_the_first_says_why(tmp_path):
    with pytest.raises(FileRefusal, match="no column of numbers"):
        open_predictions(workbook(tmp_path / "p.xlsx", {"a": [["x"], ["y"]], "b": [["x"], ["y"]]}))
