"""Versions of the schemas: which are read, and how a body of an earlier one is read as if it were written today.

Version 1: up to November 2026. Version 2: settlements, releases, declines, erasures, attachments; bodies as before.
Version 3: follow-ups, signs of crime, resolutions, duties, assignments, templates, data requests; bodies as before.
"""

from collections.abc import Callable
from typing import Any

Body = dict[str, Any]
BACK = 2  # versions before the present one that are read

# From each version to the next: what it does to a body of a kind. A version that changed no body has no step.
STEPS: dict[int, Callable[[str, Body], Body]] = {}


def reads(version: int, present: int) -> bool:
    """Say whether a program that writes *present* reads *version*."""
    return max(1, present - BACK) <= version <= present


def upgraded(kind: str, body: Body, version: int, present: int) -> Body:
    """Return *body* of an item of *kind*, written under *version*, as *present* would write it.

    A body that is not read (too old, or from a program yet to come) comes back as it is.
    """
    if not reads(version, present):
        return body
    for step in range(version, present):
        body = STEPS[step](kind, body) if step in STEPS else body
    return body
