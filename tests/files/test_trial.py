"""A library that crashes over a damaged file, or never ends, does so in a process of its own."""

from __future__ import annotations

import base64
import subprocess
import sys
import zlib

import h5py
import numpy as np
import pandas as pd
import pytest

from lossacc_gui.core.predictions import Predictions
from lossacc_gui.files import FORMATS, FileRefusal, Progress, Stopped, open_labels, open_predictions, trial

MEMORY = 1 << 28
P = np.array([[0.25, 0.75], [0.5, 0.5]])

# Found by damaging good files: SciPy follows the first out of its memory, h5py the second in a circle, and
# over the third it takes a gigabyte.
CRASHES = (
    "c-r%I4DoSvQZUssQ1EpO(M`+DNmU5QNi0drFUqx2D9A6)tk6+#E=o--Nlj76&$Chp2hx7|WeP^73Wk<e#)ejg1`0+7MrI6T0"
    "7g$=J|NWq#B4y!0i{8J70PFZVn(Q3adLi9YB2)?Cy?y{H|T;rggyYJAE41N@e6453pk$-Y92m!FoH27LnQ;mehIk!AE4$iIK"
    "cQI^KKxS$B1SgBa)fyK%AVDSX>PB7)YN1l0FtJ`anPcs5>#QgedjQX!?>;Q_0eooLIsD0N?R1tp"
)

ENDLESS = (
    "c-rllF;4<96vx}%K`yBA&;^|s9T^zhP9x|IMvOYJLBWeLIgkJ`egxeZ9Ub`?j*ff;M@PQ_a@SX&4R>Np6!iU;cWvLb<+cCvd"
    "Jk^la4of+A_0~~Ok$I1h5*^o%0Lw?1$z&+&tyFf+cHp}hW>TGi?d=e@E&T6Cj!&52=X6si~Fa6EvwssyfD@8mix+nbiX++B?"
    "-|Nm1Q9W%0z_$e$h4)zM9TDuy^-Jeud<R;E)*A2JMWA4lPiMLFHE0f5F|au0xcb%O=b&IiH^0H0l}kJkj$m*vF*m*J^v0l~("
    "(v))8f&*F1mpT=#jWQ)%*sCmOCB{3>{qy3fw7XR(thjncCny4n^Q>o;DvE^O(HHga!)S7YD^`|7CWXU)Dv_zfHxcc$e7##AT"
    "_t<1DCMOh#Sf*{C`aDGxM1R1@|!*izkU##c#NL(Dvao*Y6i1*KdecFuolUd~ZC-Il-mo=6<j$hBu#r=9~)NaFf0Xh|tNuEx$"
    "JiThED<QdG@OX%u5;fF#FwI8S!+j<)PWpYO2XR`}X4XQ{Bgm3-bWl1D1rHxoQ&c-Z>byJiV5xcD%mbM>yUGClbqq3sAP9mW2"
    "!bF8^4GAJanc_X{%f="
)

GROWS = (
    "c-rllF;Buk6vywbg*2$K=u({+9T^;4Of`UZFk;k!4GK2Kq#yxe{0O))Iy&+(93A-xj*fl<q`h~*U1-Ia2*meWUhnR4y}o<@@"
    "~%%#{$wMyn<4>*L3Co0X@&sVQ`$fUECt&I+h?MmhGQ1=r(u58@A|S(2)u_1<AuPo41)YeoWk)%U`uj3kT)j#J-EJ<kIpaeOG"
    "$#yMMawnfim8qfnT(>!k?xyHstOR*<U03LvTopdV_Js_=E;1MWZ6s)hBpd=sra0xunDDlJn`=Nu!=o&l5c#fPGHNe$AG5Q*O"
    "5It8L!)-Kyu0u4}&AZkHQw-Qxpyb@w*76uQsMt!JLelt$^<3|&owjP)C@TL)6wQtsSa;@ue7+`ij#`&F?Y5q<+(#GNVifJSn"
    "MA{3g4t2ObRZc~&6f*=Tj{0Ud*#e7iFi#j~3%m2k{U5~`YQ6JZxy{&lvEZCRrct24^etr{wv40tDwd45n`kbGycShqTd>5co"
    "5t-EKM5)s&hP)Gk?vlrYpOmO3$Ac+0x*yInk#SPbGd+mYy0Wq+iXK5$oYP$KEEK${p4&M!w=?s-QuVx<?_;;ok>>AjVvG?4K"
    "@bE%5ClOGWYK&9j<IYS"
)


def put(path, packed):
    path.write_bytes(zlib.decompress(base64.b85decode(packed)))
    return path


def test_what_would_crash_the_program_is_refused(tmp_path):
    path = put(tmp_path / "p.mat", CRASHES)
    with pytest.raises(FileRefusal, match="it is damaged"):
        open_predictions(path)


def test_labels_are_tried_too(tmp_path):
    path = put(tmp_path / "p.mat", CRASHES)
    with pytest.raises(FileRefusal):
        open_labels(path, Predictions.of(P))


def test_what_would_never_end_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(trial, "SECONDS", 1)
    path = put(tmp_path / "p.h5", ENDLESS)
    with pytest.raises(
        FileRefusal, match=r"it is damaged|it was not read within"
    ):  # by work, or by the clock
        open_predictions(path)


def test_what_takes_far_more_memory_than_it_may_is_refused(tmp_path):
    path = put(tmp_path / "p.h5", GROWS)
    with pytest.raises(FileRefusal):
        open_predictions(path, memory=MEMORY)


def test_a_trial_can_be_stopped(tmp_path):
    path = put(tmp_path / "p.h5", ENDLESS)
    with pytest.raises(Stopped):
        open_predictions(path, progress=Progress(stop=lambda: True))


def test_a_question_comes_through(tmp_path):
    with h5py.File(tmp_path / "p.h5", "w") as file:
        file["one"], file["two"] = P, P
    with pytest.raises(FileRefusal) as refused:
        open_predictions(tmp_path / "p.h5")
    assert refused.value.question is not None


def test_a_refusal_says_the_same_as_without_a_trial(tmp_path, monkeypatch):
    with h5py.File(tmp_path / "p.h5", "w") as file:
        file["pred_probs"] = np.array([b"a", b"b"])
    with pytest.raises(FileRefusal) as tried:
        open_predictions(tmp_path / "p.h5")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(FileRefusal) as untried:
        open_predictions(tmp_path / "p.h5")
    assert str(tried.value) == str(untried.value)


@pytest.fixture
def started(monkeypatch):
    """What was started since."""
    found = []
    popen = subprocess.Popen

    def counted(*args, **kwargs):
        found.append(args)
        return popen(*args, **kwargs)

    monkeypatch.setattr(subprocess, "Popen", counted)
    return found


def test_a_folder_is_tried_in_one_process_and_a_bundle_tries_nothing(tmp_path, monkeypatch, started):
    for k in range(3):
        with h5py.File(tmp_path / f"epoch_{k}.h5", "w") as file:
            file["pred_probs"] = P
    assert open_predictions(tmp_path).predictions.epochs == 3
    assert len(started) == 1
    trial._GOOD.clear()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert open_predictions(tmp_path).predictions.epochs == 3
    assert len(started) == 1


def test_a_file_is_tried_once_until_it_changes(tmp_path, started):
    path = tmp_path / "p.parquet"
    pd.DataFrame(P, columns=["a", "b"]).to_parquet(path)
    for _ in range(2):
        open_predictions(path)
    assert len(started) == 1
    pd.DataFrame(P[::-1], columns=["a", "b"]).to_parquet(path)
    open_predictions(path)
    assert len(started) == 2
    path.write_bytes(path.read_bytes()[:-9])
    for _ in range(2):  # what was refused is refused again, by a trial of its own
        with pytest.raises(FileRefusal):
            open_predictions(path)
    assert len(started) == 4


def test_a_trial_needs_no_more_memory_than_the_file(tmp_path):
    pd.DataFrame(P, columns=["a", "b"]).to_parquet(tmp_path / "p.parquet")
    assert open_predictions(tmp_path / "p.parquet", memory=MEMORY).predictions.rows == 2


def test_a_trial_ends_without_taking_its_libraries_down(tmp_path, monkeypatch):
    pd.DataFrame(P, columns=["a", "b"]).to_parquet(tmp_path / "p.parquet")
    monkeypatch.setattr(
        trial, "_START", "import atexit, os; atexit.register(os.abort); " + trial._START.replace("os, ", "")
    )
    assert open_predictions(tmp_path / "p.parquet").predictions.rows == 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux, which counts threads in /proc")
@pytest.mark.parametrize("suffix", [".parquet", ".feather"])
def test_reading_a_table_of_arrow_imports_no_pandas_and_begins_no_thread(tmp_path, python, suffix):
    table = pd.DataFrame({"a": P[:, 0], "b": P[:, 1], "label": [1, None]})
    path = tmp_path / f"p{suffix}"
    table.to_parquet(path) if suffix == ".parquet" else table.to_feather(path)
    asked = (
        "import os, sys, pyarrow.parquet, pyarrow.feather; from lossacc_gui.files import open_predictions; "
        "before = len(os.listdir('/proc/self/task')); open_predictions(sys.argv[1]); "
        "sys.exit('pandas' in sys.modules or len(os.listdir('/proc/self/task')) - before)"
    )
    subprocess.run([*python, "-c", asked, str(path)], check=True)


def test_of_many_files_the_one_that_is_refused_is_named(tmp_path):
    for k in range(700):  # their names together are longer than an argument may be
        with h5py.File(tmp_path / f"{'epoch_of_a_run' * 14}_{k}.h5", "w") as file:
            file["pred_probs"] = P
    assert open_predictions(tmp_path).predictions.epochs == 700
    with h5py.File(next(tmp_path.glob("*_30.h5")), "w") as file:
        file["pred_probs"] = np.array([b"a", b"b"])
    with pytest.raises(FileRefusal, match=r"_30\.h5, array 'pred_probs': "):
        open_predictions(tmp_path)


def test_the_formats_that_need_a_trial():
    assert [known.key for known in FORMATS if known.fragile] == ["parquet", "feather", "hdf5", "matlab"]
