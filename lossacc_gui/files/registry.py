"""The tuple of formats, and which of them a file's name asks for."""

from __future__ import annotations

from pathlib import Path

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.arrow import FEATHER, PARQUET
from lossacc_gui.files.delimited import DELIMITED
from lossacc_gui.files.excel import EXCEL
from lossacc_gui.files.formats import Format, Write
from lossacc_gui.files.hdf5 import HDF5
from lossacc_gui.files.json_text import JSON, JSON_LINES
from lossacc_gui.files.matlab import MATLAB
from lossacc_gui.files.npy import NPY
from lossacc_gui.files.npz import NPZ
from lossacc_gui.files.packed import ending
from lossacc_gui.files.safetensors import SAFETENSORS

FORMATS: tuple[Format, ...] = (
    NPY,
    NPZ,
    DELIMITED,
    JSON,
    JSON_LINES,
    PARQUET,
    FEATHER,
    HDF5,
    EXCEL,
    SAFETENSORS,
    MATLAB,
)

_RECIPES = {
    (".pt", ".pth", ".ckpt"): 'numpy.save("pred_probs.npy", torch.load(old).numpy())',
    (".pkl", ".pickle"): 'numpy.save("pred_probs.npy", numpy.asarray(pickle.load(open(old, "rb"))))',
    (".joblib",): 'numpy.save("pred_probs.npy", numpy.asarray(joblib.load(old)))',
}


def format_of(path: Path) -> Format:
    """The format a file is read as. Raises Refusal with the suffixes that can be read."""
    suffix = ending(path)
    for suffixes, recipe in _RECIPES.items():
        if suffix in suffixes:
            what = "a pickle can run any program when it is opened, so none is"
            raise Refusal("format", what, f"if you trust it, re-save it: {recipe}")
    for known in FORMATS:
        if suffix in known.suffixes:
            return known
    readable = " ".join(s for known in FORMATS for s in known.suffixes)
    raise Refusal("format", _unknown(suffix, "read"), f"use one of {readable}")


def writer_of(path: Path) -> Write:
    """What writes a file of this name. Raises Refusal with the suffixes that can be written."""
    suffix = ending(path)
    known = next((known for known in FORMATS if suffix in known.suffixes), None)
    if known is not None and known.write is not None:
        return known.write
    what = (
        _unknown(suffix, "written")
        if known is None
        else f"{suffix} files are read and not written: labels or names would be lost"
    )
    suffixes = " ".join(s for known in FORMATS if known.write for s in known.suffixes)
    raise Refusal("format", what, f"save as one of {suffixes}")


def _unknown(suffix: str, done: str) -> str:
    return f"{suffix} files cannot be {done}" if suffix else "the name has no ending that says what it holds"
