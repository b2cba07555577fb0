"""Every edit can be written down and made again, and a record nobody wrote makes nothing."""

from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
from types import SimpleNamespace
from typing import get_args, get_type_hints

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import lossacc_gui.core
from lossacc_gui.core import edits
from lossacc_gui.core.bulk import MakeRows
from lossacc_gui.core.convention import Base, Convention, Reduction, Rows
from lossacc_gui.core.evaluation import evaluate
from lossacc_gui.core.record import (
    _FAMILIES,
    EDITS,
    PARTS,
    RECIPES,
    Arrays,
    BadRecord,
    _fits,
    from_record,
    to_record,
)
from lossacc_gui.core.state import Baseline, Source
from tests.core.strategies import contents, copied, edit, states


def again(value):
    """A value written as JSON with its arrays beside, and read back."""
    arrays: Arrays = []
    text = json.dumps(to_record(value, arrays))
    return from_record(json.loads(text), [array.copy() for array in arrays])


def classes_with(*verbs: str) -> set[type]:
    """Every dataclass of the core with these methods."""
    modules = pkgutil.walk_packages(lossacc_gui.core.__path__, "lossacc_gui.core.")
    found = [value for one in modules for value in vars(importlib.import_module(one.name)).values()]
    kinds = [value for value in found if isinstance(value, type) and dataclasses.is_dataclass(value)]
    return {kind for kind in kinds if all(hasattr(kind, verb) for verb in verbs)}


def test_every_edit_is_in_the_register():
    assert classes_with("apply", "idle", "cells") == set(EDITS)


def test_every_recipe_is_in_the_register():
    assert classes_with("of", "random", "text") == set(RECIPES)
    for recipe in RECIPES:
        assert again(MakeRows(np.array([0]), recipe())).recipe == recipe()


def test_every_part_of_an_edit_is_in_the_register():
    for kind in (*EDITS, *PARTS):
        for hint in get_type_hints(kind).values() if dataclasses.is_dataclass(kind) else ():
            asked = {hint, *get_args(hint)} - set(_FAMILIES)
            own = {one for one in asked if getattr(one, "__module__", "").startswith("lossacc_gui")}
            assert own <= {*EDITS, *PARTS}, kind


@given(states(), st.data())
def test_an_edit_read_back_does_the_same(state, data):
    asked = data.draw(edit(state), "edit")
    one, other = copied(state), copied(state)
    asked = again(again(asked))  # before it is applied: what it holds may be edited afterwards
    inverse, _ = asked.apply(one)
    again(asked).apply(other)
    if not isinstance(asked, edits.Replace):  # whose arrays are the state's now
        assert contents(one) == contents(other)
    again(inverse).apply(one)
    assert contents(one) == contents(state)


@given(states())
def test_a_baseline_and_a_convention_come_back_equal(state):
    found = evaluate(state.predictions, state.convention)
    baseline = again(Baseline("x", found.tally, state.convention))
    assert baseline.tally == found.tally
    assert baseline.convention == state.convention
    assert type(baseline.convention.rows) is Rows


def test_every_choice_of_a_convention_comes_back():
    for rows in Rows:
        for base in Base:
            for reduction in Reduction:
                made = Convention(rows, 0.25, True, base, reduction)
                assert again(made) == made


def test_parts_that_are_missing_take_their_defaults():
    assert from_record({"is": "Convention", "clip": 0.25}, []) == Convention(clip=0.25)


@pytest.mark.parametrize(
    "record",
    [
        {"is": "os.system", "of": "true"},
        {"is": "Convention", "clip": "0.1"},
        {"is": "Convention", "clip": 7.0},
        {"is": "Convention", "rows": {"is": "Rows", "of": "sideways"}},
        {"is": "Convention", "colour": 1},
        {"is": "Convention", "rows": {"is": "Base", "of": "nats"}},
        {"is": "SetConvention", "convention": None},
        {"is": "SetCells", "rows": 1, "columns": 2, "values": 3},
        {"is": "array", "of": 0},
        {"is": []},
        {},
    ],
)
def test_a_record_nobody_wrote_is_refused(record):
    with pytest.raises(BadRecord):
        from_record(record, [])


def test_a_type_with_a_name_of_its_own_is_the_type_it_names():
    """As ``NDArray`` is one, or not, by the versions of Python and numpy."""
    named = SimpleNamespace(__value__=NDArray[np.float64])
    assert _fits(np.zeros(2), named)
    assert not _fits(0.0, named)


def test_an_array_of_objects_is_refused():
    with pytest.raises(BadRecord):
        from_record({"is": "array", "of": 0}, [np.array([None])])


def test_a_stranger_has_no_record():
    with pytest.raises(BadRecord):
        to_record(object(), [])


def test_a_source_keeps_the_answers_it_was_read_by_and_older_ones_have_none():
    source = Source("a", "/a", choices=(("array", "x"), ("labels", "from 1")))
    record = json.loads(json.dumps(to_record(source, [])))
    assert from_record(record, []) == source
    del record["choices"]
    assert from_record(record, []).choices == ()
    with pytest.raises(BadRecord):
        from_record({**record, "choices": [["array"]]}, [])
