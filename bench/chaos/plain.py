"""A task that any engine can run: it takes a while and notes its beginning and its end."""

from __future__ import annotations

import os
import time

from bench.chaos.history import note


def work(number: int, seconds: float) -> None:
    """Do nothing for `seconds`."""
    note("began", number=number, pid=os.getpid())
    time.sleep(seconds)
    note("ended", number=number)
