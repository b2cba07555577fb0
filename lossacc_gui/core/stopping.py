"""How long work ends that nobody wants any more; apart, since who reads a file needs nothing else of the core."""

from __future__ import annotations


class Stopped(Exception):
    """Long work was stopped on request. Nothing was changed."""
