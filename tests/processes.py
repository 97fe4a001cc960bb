"""Processes of the tests: forks, and waiting for those that need not be our children."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Iterable

import psutil
from django.db import connection

from tests.waiting import PATIENCE_SECONDS


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


def in_a_process(work: Callable[[], object]) -> bool:
    """Do `work` in a process of its own; False when it was killed or failed."""
    return os.waitpid(forked(work), 0)[1] == 0


def forked(work: Callable[[], object]) -> int:
    """Begin `work` in a process of its own, and return which: whoever asked waits for it."""
    child = os.fork()
    if not child:
        status = 1
        try:
            connection.connection = None  # the socket is our parent's
            work()
            status = 0
        finally:
            os._exit(status)
    return child
