"""The one error a user's input raises: where it is, what is wrong, what to do."""

from __future__ import annotations


class Refusal(ValueError):
    """Input that cannot be used as it is. Nothing was changed.

    ``where`` names the place (a row and column counted from 1, a line, an array), ``what`` says what
    is wrong with the value in it, ``remedy`` what the user can do.
    """

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(f"{where}: {what}: {remedy}" if where else f"{what}: {remedy}")
        self.where = where
        self.what = what
        self.remedy = remedy
