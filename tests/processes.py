"""Waiting for processes that need not be our children."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterable

import psutil

PATIENCE_SECONDS = 60


def wait_ended(processes: Iterable[psutil.Process], *, seconds: float = PATIENCE_SECONDS) -> list[psutil.Process]:
    """Return the processes that still run after so long. One that has ended and waits to be reaped has ended."""
    deadline = time.monotonic() + seconds
    return [process for process in processes if not _ended(process, deadline)]


def _ended(process: psutil.Process, deadline: float) -> bool:
    try:
        descriptor = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return True
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(max(0, int(1000 * (deadline - time.monotonic())))))
    finally:
        os.close(descriptor)
