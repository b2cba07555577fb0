"""What a clipboard holds, from every program that people copy numbers from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.blocks import Block, read_block, tiled
from lossacc_gui.core.refusal import Refusal
from lossacc_gui.core.wording import parse_number
from tests.core.strategies import wild
from tests.thorough import examples


def numbers(block: Block) -> list[list[float]]:
    return [[parse_number(text) for text in row] for row in block.rows]


TWO = [[0.1, 0.9], [0.3, 0.7]]


@pytest.mark.parametrize(
    "text",
    [
        "0.1\t0.9\n0.3\t0.7\n",
        "0.1\t0.9\r\n0.3\t0.7\r\n",
        "\ufeff0.1\t0.9\r0.3\t0.7",
        "0,1\t0,9\n0,3\t0,7",
        "0.1,0.9\n0.3,0.7",
        "0.1, 0.9\n0.3, 0.7\n\n",
        "0.1;0.9\n0.3;0.7",
        "0,1;0,9\n0,3;0,7",
        "0,1 0,9\n0,3 0,7",
        "  0.1   0.9\n  0.3   0.7",
        "10% 90%\n30 % 0.7",
        "1/10 9/10\n3/10 7/10",
        "[[0.1 0.9]\n [0.3 0.7]]",
        "[[0.1, 0.9], [0.3, 0.7]]",
        "[(0.1, 0.9), (0.3, 0.7)]",
        "((0.1, 0.9),\n (0.3, 0.7),)",
        "[0.1, 0.9], [0.3, 0.7]",
        "array([[0.1, 0.9],\n       [0.3, 0.7]])",
        "array([[0.1, 0.9],\n       [0.3, 0.7]], dtype=float32)",
        "np.array([[0.1, 0.9], [0.3, 0.7]], dtype=np.float32)",
        "tensor([[0.1000, 0.9000],\n        [0.3000, 0.7000]], device='cuda:0', grad_fn=<SoftmaxBackward0>)",
        "[[np.float64(0.1), np.float64(0.9)], [np.float32(0.3), np.float64(0.7)]]",
        '"0.1"\t"0.9"\n"0.3"\t"0.7"',
        "| 0.1 | 0.9 |\n| 0.3 | 0.7 |\n",
    ],
)
def test_one_block_in_every_dress(text):
    assert numbers(read_block(text)) == TWO


@pytest.mark.parametrize(
    "text",
    [
        "A\tB\n0.1\t0.9\n0.3\t0.7",
        "\tA\tB\n0\t0.1\t0.9\n1\t0.3\t0.7",  # pandas to_clipboard
        "     A    B\n0  0.1  0.9\n1  0.3  0.7",  # pandas printed
        "A,B\n0.1,0.9\n0.3,0.7",
        "A B\n0,1 0,9\n0,3 0,7",
        ",A,B\n0,0.1,0.9\n1,0.3,0.7",
        "| A | B |\n| ---: | :--- |\n| 0.1 | 0.9 |\n| 0.3 | 0.7 |",
        "|    |   A |   B |\n|---:|----:|----:|\n|  0 | 0.1 | 0.9 |\n|  1 | 0.3 | 0.7 |",  # pandas to_markdown
    ],
)
def test_a_header_and_pandas_row_numbers_are_told_from_cells(text):
    block = read_block(text)
    assert numbers(block) == TWO
    assert block.header == ("A", "B")
    assert any("header" in note for note in block.notes)


def test_columns_that_pandas_numbers():
    block = read_block("\t0\t1\n0\t0.1\t0.9\n1\t0.3\t0.7")
    assert numbers(block) == TWO
    assert block.header == ("0", "1")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("cat\ndog\n\nfox\n", (("cat",), ("dog",), ("",), ("fox",))),
        ("\ncat\n", (("",), ("cat",))),
        ("polar bear\ngrey wolf", (("polar bear",), ("grey wolf",))),
        ("label\ncat\ndog", (("cat",), ("dog",))),
        ("0.1\t0.9\tpolar bear", (("0.1", "0.9", "polar bear"),)),
        ("0.1\t\n0.3\t0.7", (("0.1", ""), ("0.3", "0.7"))),
        ('0.5,"bear, polar"', (("0.5", "bear, polar"),)),
        ("[0.1, 0.2, 0.7]", (("0.1", "0.2", "0.7"),)),
        ("[0.1 0.2\n 0.7]", (("0.1", "0.2", "0.7"),)),
        ("[[0.1], [0.2]]", (("0.1",), ("0.2",))),
        ("['cat', 'dog']", (("cat", "dog"),)),
        ("0,25", (("0,25",),)),
        ("1,0,0", (("1", "0", "0"),)),
        ("0.25", (("0.25",),)),
    ],
)
def test_texts_as_they_stand(text, rows):
    assert read_block(text).rows == rows


def test_a_decimal_comma_is_announced():
    assert read_block("0,1;0,9").notes == (
        "cells stood between semicolons",
        "a comma was read as the decimal point",
    )
    assert read_block("0.1\t0.9").notes == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no text"),
        (" \n ", "no text"),
        ("[]", "no cell"),
        ("[[]]", "no cell"),
        ("0.1\t0.9\n0.3", "row 2 of the clipboard: 1 cell, but 2 in the first"),
        ("[[0.1 0.2 ... 0.7]]", "printed with"),
        ("[[[0.1, 0.9]]]", "3 axes"),
        ("[[0.1, 0.9]", "brackets do not match"),
        ("[[0.1, 0.9], 5]", "outside the brackets"),
    ],
)
def test_what_is_no_block_is_refused_in_a_sentence(text, says):
    with pytest.raises(Refusal) as caught:
        read_block(text)
    assert says in str(caught.value)


matrices = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(wild, min_size=width, max_size=width), min_size=1, max_size=5)
)


@examples(200)
@given(matrices, st.sampled_from(["\t", ",", ";", " ", ", ", "repr", "str", "list", "comma"]))
def test_numbers_come_back_whatever_wrote_them(rows, how):
    matrix = np.array(rows)
    with np.printoptions(threshold=10_000, floatmode="unique"):
        text = {"repr": repr(matrix), "str": str(matrix), "list": str(matrix.tolist())}.get(how, "")
    if how == "comma":
        text = "\n".join(";".join(repr(value).replace(".", ",") for value in row) for row in rows)
    elif not text:
        text = "\n".join(how.join(map(repr, row)) for row in rows)
    np.testing.assert_array_equal(numbers(read_block(text)), matrix)


@given(st.text("0.,;\t \n[]()ab-%\"'e", max_size=30))
def test_no_text_does_more_than_be_refused(text):
    try:
        block = read_block(text)
    except Refusal:
        return
    assert len({len(row) for row in block.rows}) == 1
    assert block.width >= 1


def test_a_block_fills_a_selection_it_divides():
    block = Block((("1", "2"),))
    assert tiled(block, 2, 4).rows == (("1", "2", "1", "2"),) * 2
    assert tiled(block, 2, 3) is block
    assert tiled(block, 1, 2) is block
    assert tiled(Block((("5",),)), 3, 2).rows == (("5", "5"),) * 3
