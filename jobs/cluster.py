"""django-q2's sentinel with resident workers: each stays in its slot and claims jobs for itself.

A worker gets its one ticket when it is forked and shares no queue, lock or clock with anybody, so that one that is
killed leaves nothing locked behind. Everything dies with its parent.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import time
import uuid
from collections.abc import Callable
from ctypes import c_double, c_float
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import RawValue
from types import FrameType
from typing import Any

from django.db import connections
from django_q.brokers import get_broker
from django_q.cluster import Sentinel
from django_q.conf import Conf
from django_q.worker import rss_check, worker

from jobs import guard
from jobs.processes import adopt_orphans, tie_to_parent
from jobs.worker import Loop

logger = logging.getLogger("jobs")

HAND_BACK_SECONDS = 7.0
"""How long workers may take to hand their jobs back; then they are killed. The code of a job has 5 s of it
(`heartbeat.HAND_BACK_GRACE_SECONDS`); the rest of the ten that a stop may take is for us."""
_LOOK_SECONDS = 0.1
_context = multiprocessing.get_context("fork")


def reside() -> None:
    """Be a worker until told to stop, or until it is time for a fresh process."""
    adopt_orphans()
    guard.limit_memory()
    loop = Loop(resident=True)
    try:
        loop.stay(until=lambda: len(loop.tally.processed) + len(loop.tally.failed) >= Conf.RECYCLE or _is_spent(loop))
    except Exception:
        logger.exception("worker %s ends", os.getpid())  # django-q2 would keep it to itself
        raise
    if loop.worn:
        os._exit(0)  # an ordinary end would wait for the threads that were left behind


def _is_spent(loop: Loop) -> bool:
    return loop.worn or bool(rss_check())


class Stop:
    """What the sentinel waits for: an event that a signal may set at any moment, and a sign that it looks."""

    def __init__(self) -> None:
        self.looked_at = RawValue(c_double, time.monotonic())
        self._is_set = False

    def set(self, *_: Any) -> None:
        """Ask for the stop."""
        self._is_set = True

    def is_set(self) -> bool:
        """Whether the stop was asked for."""
        return self._is_set

    def wait(self, seconds: float) -> bool:
        """Wait for the stop, for `seconds` at most; return whether it was asked for."""
        until = time.monotonic() + seconds
        while not self._is_set and (left := until - time.monotonic()) > 0:
            self.looked_at.value = time.monotonic()
            time.sleep(min(_LOOK_SECONDS, left))
        return self._is_set


class Ticket:
    """A worker's own task queue: stay, then stop."""

    def __init__(self) -> None:
        name = f"slot-{uuid.uuid4().hex[:8]}"
        stay = {"id": name, "name": name, "func": reside, "args": (), "kwargs": {}, "timeout": -1}
        self._left: list[Any] = [stay, "STOP"]

    def get(self) -> Any:
        """Return the next thing to do."""
        return self._left.pop(0)


class Nowhere:
    """A worker's own result queue: jobs write their results themselves."""

    def put(self, task: Any) -> None:
        """Keep nothing."""


class Clock:
    """A worker's timer without django-q2's lock, which a killed worker would hold for ever."""

    def __init__(self) -> None:
        self._value = RawValue(c_float, -1)

    @property
    def value(self) -> float:
        """-1 while it works, -2 when it wants to be replaced."""
        return float(self._value.value)

    @value.setter
    def value(self, value: float) -> None:
        self._value.value = value

    def get_lock(self) -> contextlib.AbstractContextManager[None]:
        """Lock nothing: one writer, and a float is written whole."""
        return contextlib.nullcontext()


class ResidentSentinel(Sentinel):  # type: ignore[misc]
    """Forks workers and replaces dead ones; tells them to hand back when it is told to stop."""

    def start(self) -> None:
        """Guard until told to stop, by a signal or by the death of the parent."""
        signal.signal(signal.SIGTERM, self.stop_event.set)
        super().start()

    def spawn_process(self, target: Callable[..., None], *args: Any) -> BaseProcess:
        """Fork a process that ends with this one: a worker hands its job back, the others just end."""
        number = signal.SIGTERM if target is worker else signal.SIGKILL
        child = _context.Process(target=_tied, args=(os.getpid(), number, target, *args), daemon=True)
        if target is worker:
            child.timer = args[2]  # type: ignore[attr-defined]
            self.pool.append(child)
        child.start()
        return child

    def spawn_worker(self) -> None:
        """Fork a worker with its own ticket."""
        self.spawn_process(worker, Ticket(), Nowhere(), Clock(), -1)

    def stop(self) -> None:
        """Tell the workers to hand back, wait with a limit, and end every child."""
        for child in self.pool:
            child.terminate()
        until = time.monotonic() + HAND_BACK_SECONDS
        for child in self.pool:
            child.join(max(0.0, until - time.monotonic()))
        for child in [*self.pool, self.pusher, self.monitor]:
            child.kill()


def start_sentinel() -> tuple[BaseProcess, Stop]:
    """Fork the sentinel; it hands back and ends on SIGTERM, and when this process dies."""
    connections.close_all()
    stop = Stop()
    child = _context.Process(target=_tied, args=(os.getpid(), signal.SIGTERM, _guard, stop))
    child.start()
    return child, stop


def _guard(stop: Stop) -> None:
    ResidentSentinel(stop, Stop(), uuid.uuid4(), get_broker(), None)


def _tied(parent: int, number: int, target: Callable[..., None], *args: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process hears it and tells us
    signal.signal(signal.SIGTERM, _leave)
    tie_to_parent(number)
    if os.getppid() != parent:
        return
    target(*args)


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Told to stop before there was anything to hand back."""
    os._exit(0)
