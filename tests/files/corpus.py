"""Files as people's programs write them: the same three rows in every shape there is."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import safetensors.numpy
import scipy.io

P = np.array([[0.25, 0.5, 0.25], [0.125, 0.125, 0.75], [0.5, 0.25, 0.25]])
Y = np.array([1, 2, 1])
NAMES = ["ant", "bee", "cat"]
TEXTS = [NAMES[i] for i in Y]

Make = Callable[[Path], None]


def frame(prefix: str = "") -> pd.DataFrame:
    table = pd.DataFrame(P, columns=[prefix + name for name in NAMES])
    table["label"] = TEXTS
    return table


def records() -> list[dict[str, float | str]]:
    return [
        {**dict(zip(NAMES, row, strict=True)), "label": t} for row, t in zip(P.tolist(), TEXTS, strict=True)
    ]


def save_json(value: object) -> Make:
    return lambda path: _text(path, json.dumps(value))


def _text(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


def _excel(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([*NAMES, "label"])
    for row, text in zip(P.tolist(), TEXTS, strict=True):
        book.active.append([*row, text])
    book.create_sheet("notes").append(["nothing here"])
    book.save(path)


def _hdf5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["val/pred_probs"], file["val/labels"] = P, Y
        file["val/class_names"] = NAMES
        file["val/images"] = np.zeros((3, 2, 2), np.uint8)


def _matlab(path: Path) -> None:
    names = np.array(NAMES, object).reshape(1, 3)
    scipy.io.savemat(path, {"scores": P, "y": Y.reshape(-1, 1).astype(float), "classes": names})


def _matlab_73(path: Path) -> None:
    with h5py.File(path, "w", userblock_size=512) as file:
        file["scores"], file["labels"] = P.T, Y.reshape(1, -1).astype(float)
    with path.open("r+b") as raw:
        raw.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM")


def _tensors(path: Path) -> None:
    safetensors.numpy.save_file({"logits": P, "labels": Y}, path, metadata={"format": "np"})


def _lists(path: Path) -> None:
    table = pa.table({"text": ["a", "b", "c"], "probs": pa.array(P.tolist()), "label": Y})
    pyarrow.parquet.write_table(table, path)


def _dictionary(path: Path) -> None:
    table = frame()
    table["label"] = table["label"].astype("category")
    table.to_parquet(path)


def _polars_table(texts: pa.DataType) -> pa.Table:
    columns = {name: P[:, i] for i, name in enumerate(NAMES)}
    return pa.table({**columns, "label": pa.array(TEXTS, texts)})


def _polars_parquet(path: Path) -> None:
    pyarrow.parquet.write_table(_polars_table(pa.large_string()), path, compression="zstd", version="2.6")


def _polars_ipc(path: Path) -> None:
    table = _polars_table(pa.string_view())  # what it writes since version 1
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def bfloat16(path: Path) -> None:
    halves = (P.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
    head = {"probs": {"dtype": "BF16", "shape": [3, 3], "data_offsets": [0, 18]}}
    text = json.dumps(head).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + halves.tobytes())


def _one_hot_columns(path: Path) -> None:
    marks = pd.DataFrame(np.eye(3, dtype=int)[Y], columns=[f"y_{name}" for name in NAMES])
    pd.concat([frame().drop(columns="label"), marks], axis=1).to_csv(path, index=False)


PIPELINE = [
    sorted(({"label": f"LABEL_{i}", "score": p} for i, p in enumerate(row)), key=lambda s: -float(s["score"]))
    for row in P.tolist()
]

LABELLED: dict[str, tuple[str, Make]] = {
    "pandas to_csv": ("p.csv", lambda path: frame().to_csv(path)),
    "pandas to_csv, no index": ("p.csv", lambda path: frame("prob_").to_csv(path, index=False)),
    "pandas to_csv, tabs, packed": ("p.tsv.gz", lambda path: frame().to_csv(path, sep="\t", index=False)),
    "pandas to_json": ("p.json", lambda path: frame().to_json(path)),
    "pandas to_json, split": ("p.json", lambda path: frame().to_json(path, orient="split")),
    "pandas to_json, records": ("p.json", lambda path: frame().to_json(path, orient="records")),
    "pandas to_json, index": ("p.json", lambda path: frame().to_json(path, orient="index")),
    "pandas to_json, table": ("p.json", lambda path: frame().to_json(path, orient="table")),
    "pandas to_json, lines": ("p.jsonl", lambda path: frame().to_json(path, orient="records", lines=True)),
    "pandas to_json, packed": (
        "p.jsonl.gz",
        lambda path: frame().to_json(path, orient="records", lines=True),
    ),
    "pandas to_parquet": ("p.parquet", lambda path: frame("confidence.").to_parquet(path)),
    "pandas to_parquet, categories": ("p.parquet", _dictionary),
    "pandas to_feather": ("p.feather", lambda path: frame().to_feather(path)),
    "pandas to_excel": ("p.xlsx", lambda path: frame().to_excel(path, index=False)),
    "polars write_json": ("p.json", save_json(records())),
    "polars write_ndjson": (
        "p.ndjson",
        lambda path: _text(path, "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in records())),
    ),
    "polars write_csv": ("p.csv", lambda path: frame().to_csv(path, index=False, lineterminator="\n")),
    "polars write_parquet": ("p.parquet", _polars_parquet),
    "polars write_ipc": ("p.arrow", _polars_ipc),
    "columns": ("p.json", save_json(frame().to_dict("list"))),
    "lists by name": ("p.json", save_json({"pred_probs": P.tolist(), "y_true": TEXTS, "classes": NAMES})),
    "lists in records": (
        "p.jsonl",
        lambda path: _text(
            path,
            "".join(
                json.dumps({"id": i, "probs": p, "label": int(y)}) + "\n"
                for i, (p, y) in enumerate(zip(P.tolist(), Y, strict=True))
            ),
        ),
    ),
    "lists in Parquet": ("p.parquet", _lists),
    "openpyxl": ("p.xlsx", _excel),
    "h5py": ("p.h5", _hdf5),
    "MATLAB": ("p.mat", _matlab),
    "MATLAB 7.3": ("p.mat", _matlab_73),
    "safetensors": ("p.safetensors", _tensors),
    "scikit-learn": ("p.npz", lambda path: np.savez(path, y_score=P, y_true=TEXTS, classes=NAMES)),
    "Keras, one-hot": ("p.npz", lambda path: np.savez(path, y_pred=P.astype("f4"), y_true=np.eye(3)[Y])),
    "Hugging Face Trainer": (
        "p.npz",
        lambda path: np.savez(path, predictions=P.astype("f4"), label_ids=Y, metrics=np.zeros(())),
    ),
    "NumPy, without names": ("p.npz", lambda path: np.savez(path, P, Y)),
    "NumPy, of the test set": ("p.npz", lambda path: np.savez(path, test_probs=P, y_test=Y)),
    "numbers by class": (
        "p.json",
        save_json(
            [
                {"probs": dict(zip(NAMES, row, strict=True)), "label": text}
                for row, text in zip(P.tolist(), TEXTS, strict=True)
            ]
        ),
    ),
    "one-hot columns": ("p.csv", _one_hot_columns),
    "percentages": (
        "p.csv",
        lambda path: frame().set_index("label").map("{:.1%}".format).reset_index().to_csv(path, index=False),
    ),
    "class names under any name": (
        "p.csv",
        lambda path: frame().rename(columns={"label": "species"}).to_csv(path, index=False),
    ),
    "PyTorch": ("p.npz", lambda path: np.savez(path, logits=P.astype("f2"), targets=Y.astype(np.uint16))),
}
"""Each with labels; what it is, the name of the file, and what writes it."""

BARE: dict[str, tuple[str, Make]] = {
    "a list of rows": ("p.json", save_json(P.tolist())),
    "rows a line": ("p.jsonl", lambda path: _text(path, "\n".join(map(str, P.tolist())))),
    "numpy savetxt": ("p.txt", lambda path: np.savetxt(path, P)),
    "numpy savetxt, packed": ("p.txt.gz", lambda path: np.savetxt(path, P)),
    "Hugging Face pipeline": ("p.json", save_json(PIPELINE)),
    "Hugging Face pipeline, lines": (
        "p.jsonl",
        lambda path: _text(path, "".join(json.dumps(row) + "\n" for row in PIPELINE)),
    ),
    "bfloat16": ("p.safetensors", bfloat16),
}
"""As above, without labels."""
