"""How much the tests go through that could go through any number of examples."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

THOROUGH = bool(os.environ.get("LOSSACC_THOROUGH"))
"""Whether to look at many examples, which are others each time, and not at the same few in every run."""

SHARE = 0.3
"""How many of them an ordinary run looks at."""


def examples(count: int, *unconcerned: HealthCheck) -> settings:
    """Let a test be run with so many examples, with fewer of them in an ordinary run; no clock decides."""
    return settings(
        max_examples=count if THOROUGH else max(round(count * SHARE), 10),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, *unconcerned],
    )
