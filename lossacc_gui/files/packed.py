"""Text that may be packed by gzip: read and written as if it were not, never more of it than fits."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.disk import open_file

_GZIP = 16
"""Added to the window's size it asks zlib for gzip's head and sums."""


def ending(path: Path) -> str:
    """What a name says the file holds: its suffix in lower case, two of them where the last is .gz.

    >>> ending(Path("a.b.CSV.gz")), ending(Path("a.npy"))
    ('.csv.gz', '.npy')
    """
    return "".join(path.suffixes[-2:] if path.suffix.lower() == ".gz" else path.suffixes[-1:]).lower()


def bare_name(path: Path) -> str:
    """The name without what ``ending`` gives."""
    return path.name[: len(path.name) - len(ending(path))]


class _Unpacked(gzip.GzipFile):
    """A packed file as what is in it, which may be at most ``most`` bytes long."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        super().__init__(fileobj=file, mode="rb")
        self._packed, self._most = file, most

    def read(self, size: int | None = -1) -> bytes:
        """Read as any file does."""
        with _sound():
            found = super().read(-1 if size is None else size)
        self._check()
        return found

    def readinto(self, buffer: Any) -> int:
        """Read as any file does."""
        with _sound():
            count = super().readinto(buffer)
        self._check()
        return count

    def close(self) -> None:
        """Close the packed file, too."""
        super().close()
        self._packed.close()

    def fileno(self) -> int:
        """The packed file's, whose size is what progress is counted in."""
        return self._packed.fileno()

    def _check(self) -> None:
        if self.tell() > self._most:
            what = f"unpacked it has more than {self._most / 2**30:,.1f} GiB"
            raise Refusal("gzip", what, "save the predictions as .npy, which can be mapped")


@contextmanager
def _sound() -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Refusal(
            "gzip", "it is damaged, or not packed by gzip", "copy it again, or pack it again"
        ) from error


def open_text(path: Path, memory: int) -> BinaryIO:
    """Open a file of text; what a packed one holds may be at most as large as the memory."""
    file = open_file(path)
    return cast("BinaryIO", _Unpacked(file, memory)) if ending(path).endswith(".gz") else file


class _Packing:
    """A file that packs what is written to it. After a failure it writes nothing more, unlike the library's."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._packer = file, zlib.compressobj(6, wbits=zlib.MAX_WBITS | _GZIP)

    def write(self, text: bytes) -> int:
        """Write as any file does."""
        self._file.write(self._packer.compress(text))
        return len(text)

    def end(self) -> None:
        """Write what is still to be packed."""
        self._file.write(self._packer.flush())


@contextmanager
def packing(file: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    """What to write a text to, so that ``file`` holds it as its suffix says: the same text, the same bytes."""
    if not suffix.endswith(".gz"):
        yield file
        return
    packed = _Packing(file)
    yield cast("BinaryIO", packed)
    packed.end()
