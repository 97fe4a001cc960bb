"""Writes that outlive a restart of the database."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

T = TypeVar("T")

PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.2


def patiently(write: Callable[[], T]) -> T:
    """Call `write` until the database answers, for a minute at most.

    Only for what may be done twice: after a broken connection nobody knows whether the first try was committed.
    Within a transaction of the caller there is nothing to repeat, so its error passes.
    """
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > give_up:
                raise
            connection.close()
            time.sleep(_PAUSE_SECONDS)
