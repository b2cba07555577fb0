"""Numbers of an Arrow column are those that pyarrow itself gives by way of pandas."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from lossacc_gui.files.arrow import cells

COLUMNS = {
    "floats": pa.array([0.5, np.nan, -np.inf]),
    "missing": pa.array([0.5, None], pa.float32()),
    "half": pa.array([np.float16(0.5), None], pa.float16()),
    "whole": pa.array([1, 2, 3], pa.uint8()),
    "whole, missing": pa.array([1, None, 2**60 + 1]),
    "truth": pa.array([True, False]),
    "truth, missing": pa.array([True, None]),
    "slice": pa.array([0.1, 0.2, 0.3, 0.4])[1:3],
    "pieces": pa.chunked_array([[0.1, 0.2], [], [0.3]]),
    "pieces, missing": pa.chunked_array([[0.1, None], [0.3]]),
}


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS.keys())
def test_the_same_as_by_pandas(column):
    by_pandas = column.to_pandas().to_numpy()
    np.testing.assert_array_equal(cells(column), by_pandas.astype(cells(column).dtype))
    if by_pandas.dtype.kind == "f":
        assert cells(column).dtype == by_pandas.dtype
