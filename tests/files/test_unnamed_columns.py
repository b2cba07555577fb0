"""Tables of numbers without a header: labels in the last or first column are told from a class, or asked about."""

from __future__ import annotations

import pytest

from lossacc_gui.files import Choices, FileRefusal, open_predictions

P = [[0.2, 0.7, 0.1], [0.5, 0.2, 0.3], [0.1, 0.1, 0.8], [0.1, 0.8, 0.1]]
Y = [1, 0, 2, 1]


@pytest.fixture
def opened(tmp_path):
    def opened(rows, choose: str = "", delimiter: str = ","):
        text = "".join(delimiter.join(map(str, row)) + "\n" for row in rows)
        (tmp_path / "p.csv").write_text(text)
        choices = Choices.of([choose] if choose else [])
        return open_predictions(tmp_path / "p.csv", choices=choices)

    return opened


def read(found) -> tuple[list[list[float]], list[int]]:
    return found.predictions.probs[0].tolist(), found.predictions.labels.tolist()


@pytest.mark.parametrize("times", [1, 20])
def test_labels_stand_last_or_first(opened, times):
    last = opened([[*p, y] for p, y in zip(P * times, Y * times, strict=True)])
    assert read(last) == (P * times, Y * times)
    assert "column 4 was taken for the labels: whole numbers" in last.notes
    first = opened([[y, *p] for p, y in zip(P * times, Y * times, strict=True)])
    assert read(first) == (P * times, Y * times)
    assert "column 1 was taken for the labels: whole numbers" in first.notes


def test_whole_numbers_may_be_written_with_a_point_and_mean_none_when_minus_one(opened):
    rows = [[*p, y] for p, y in zip(P, ["1.0", "0.0", "-1", "1.0"], strict=True)]
    assert read(opened(rows)) == (P, [1, 0, -1, 1])
    assert read(opened(rows, delimiter="\t")) == (P, [1, 0, -1, 1])


def test_a_class_that_is_sure_in_every_row_stays_a_class(opened):
    rows = [[0.2, 0.8, 0], [0.5, 0.5, 0], [0.1, 0.9, 0]]
    assert read(opened(rows)) == (rows, [-1, -1, -1])


@pytest.mark.parametrize("rows", [[[0, 1], [1, 0]], [[0, 1, 1], [1, 0, 0]], [[1, 0, 2], [1, 3, 0]]])
def test_whole_numbers_everywhere_are_classes(opened, rows):
    assert read(opened(rows)) == (rows, [-1, -1])


def test_a_score_and_its_label(opened):
    found = opened([[0.25, 1], [0.5, 0], [0.75, 1]])
    assert read(found) == ([[0.75, 0.25], [0.5, 0.5], [0.25, 0.75]], [1, 0, 1])


def test_where_the_sums_do_not_say_it_somebody_is_asked(opened):
    rows = [[1.5, -0.5, 2.5, 1], [0.5, 0.25, 0.125, 0], [2.5, 1.5, 0.5, 2]]
    with pytest.raises(FileRefusal, match="line 1: column 4 holds whole numbers only") as refused:
        opened(rows)
    assert refused.value.question is not None
    assert [option.value for option in refused.value.question.options] == ["column 4", "column 1", ""]
    assert read(opened(rows, "label=column 4"))[1] == [1, 0, 2]
    assert read(opened(rows, "label=")) == (rows, [-1, -1, -1])


def test_labels_from_one_are_asked_about(opened):
    with pytest.raises(FileRefusal, match="they run to 3"):
        opened([[*p, y + 1] for p, y in zip(P, Y, strict=True)])


def test_a_column_that_counts_the_rows_is_left_out(opened):
    found = opened([[i, *p, y] for i, (p, y) in enumerate(zip(P, Y, strict=True))])
    assert read(found) == (P, Y)
    assert "columns left out: 'column 1'" in found.notes
    found = opened([[i, *p] for i, p in enumerate(P, 1)])
    assert read(found) == (P, [-1] * 4)


def test_a_fraction_further_down_is_refused_with_its_line(opened):
    rows = [[*p, y] for p, y in zip(P * 10, Y * 10, strict=True)]
    rows[30][3] = 0.5
    with pytest.raises(FileRefusal, match=r"line 31, column 4: '0.5' is not whole"):
        opened(rows)
