"""Refusals that name a file, and what the system's own errors mean in a user's words."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lossacc_gui.core.refusal import Refusal
from lossacc_gui.files.choices import Ambiguous, Question

_MEANING = {
    errno.ENOENT: ("there is no such file or folder", "check the name"),
    errno.ENOTDIR: ("a folder in its path is a file", "check the path"),
    errno.EISDIR: ("this is a folder", "choose a file in it"),
    errno.EACCES: ("you are not allowed to", "change its permissions, or choose another place"),
    errno.EPERM: ("the system does not allow it", "change its permissions, or choose another place"),
    errno.EROFS: ("this place is read-only", "choose another place"),
    errno.ENOSPC: ("the disk is full", "free some space, or choose another place"),
    errno.EDQUOT: ("your share of the disk is used up", "free some space, or choose another place"),
    errno.EFBIG: ("the file would be too large for this disk", "choose another place"),
    errno.ENAMETOOLONG: ("the name is too long", "use a shorter one"),
    errno.ELOOP: ("its links lead in a circle", "check the links"),
    errno.EMFILE: ("too many files are open", "close some windows and try again"),
}


class FileRefusal(Refusal):
    """A Refusal about a file; ``path`` is the file. Its text is one line, FILE: where: what: remedy."""

    def __init__(self, path: str | Path, where: str, what: str, remedy: str) -> None:
        super().__init__(where, what, remedy)
        self.path = str(path)
        self.question: Question | None = None
        """What would have to be decided for the file to be read, where that is all there is to it."""
        self.args = (one_line(f"{self.path}: {self.args[0]}"),)


class ChangedSince(FileRefusal):
    """The file that would be written over is not the one that was opened, or saved, any more."""


def one_line(text: str) -> str:
    """The text with everything that is not printable (line breaks, stray bytes) written as an escape."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def short(value: object, most: int = 40) -> str:
    """The value as text, cut when it is long: a message must stay a sentence."""
    text = str(value)
    return text if len(text) <= most else text[: most - 3] + "..."


@contextmanager
def about(path: str | Path, doing: str = "reading it") -> Iterator[None]:
    """Give every refusal, and every error of the system, that leaves the block this file's name."""
    try:
        yield
    except FileRefusal:
        raise
    except Refusal as refusal:
        what, remedy = short(refusal.what, 300), short(refusal.remedy, 300)
        renamed = FileRefusal(path, refusal.where, what, remedy)
        renamed.question = refusal.question if isinstance(refusal, Ambiguous) else None
        raise renamed from refusal
    except MemoryError as error:
        raise FileRefusal(
            path, doing, "there is not enough memory", "close other programs, or take fewer rows"
        ) from error
    except OSError as error:
        what, remedy = _MEANING.get(
            error.errno or 0,
            (error.strerror or str(error) or "the system failed", "try again, or try a copy"),
        )
        raise FileRefusal(path, doing, what, remedy) from error


@contextmanager
def on_lines(lines: Sequence[int] | None, unit: str = "line") -> Iterator[None]:
    """Name the line of the text, or whatever it is counted in, instead of the row in every refusal."""
    try:
        yield
    except Refusal as refusal:
        found = re.match(r"row (\d+)\b", refusal.where)
        if not found or lines is None or int(found[1]) > len(lines):
            raise
        where = f"{unit} {lines[int(found[1]) - 1]}{refusal.where[found.end() :]}"
        raise Refusal(where, refusal.what, refusal.remedy) from refusal
