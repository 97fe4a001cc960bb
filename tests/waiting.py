"""Waiting for what another process or thread brings about."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx

PATIENCE_SECONDS = 120.0
"""Enough for a slow machine with other work: where the event comes, patience costs nothing."""
LOOK_SECONDS = 0.02


def until(ready: Callable[[], Any], what: str | Callable[[], str]) -> Any:
    """Return the first true answer of `ready`; fail with `what` was waited for, told when it is known to be in vain."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        if answer := ready():
            return answer
        time.sleep(LOOK_SECONDS)
    raise AssertionError(f"waited in vain: {what if isinstance(what, str) else what()}")


def answers(url: str) -> bool:
    """Return whether somebody answers there, whatever it is."""
    try:
        httpx.get(url, trust_env=False, timeout=PATIENCE_SECONDS)
    except httpx.TransportError:
        return False
    return True
