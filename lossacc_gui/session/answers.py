"""How ambiguous files were read: answers that hold for every file that raises the same question."""

from __future__ import annotations

import json

from lossacc_gui.session.settings import Settings

MOST = 200
_KEY = "answers"


class Answers:
    """Answers by the signature of their question, the newest last, remembered between runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def known(self) -> dict[str, str]:
        """All of them; whatever the settings file says."""
        try:
            found = json.loads(self._settings.text(_KEY, "{}"))
        except (ValueError, RecursionError):
            return {}
        pairs = found.items() if isinstance(found, dict) else ()
        return {signature: answer for signature, answer in pairs if isinstance(answer, str)}

    def keep(self, signature: str, answer: str) -> None:
        """Remember one, in the place of the one before."""
        known = {**self._without(signature), signature: answer}
        self._put(dict(list(known.items())[-MOST:]))

    def forget(self, *signatures: str) -> None:
        """Ask these again."""
        self._put(self._without(*signatures))

    def forget_all(self) -> int:
        """Ask everything again; how many answers there were."""
        count = len(self.known())
        self._put({})
        return count

    def _without(self, *signatures: str) -> dict[str, str]:
        return {kept: answer for kept, answer in self.known().items() if kept not in signatures}

    def _put(self, known: dict[str, str]) -> None:
        self._settings.put(_KEY, json.dumps(known))
