"""The main process of `qcluster`: keeps the sentinel, rescues the jobs of the dead, fires schedules on time."""

from __future__ import annotations

import contextlib
import datetime
import logging
import os
import signal
import time
import uuid
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from types import FrameType

from django.db import Error as DatabaseError
from django.db import connection
from django.db.backends.signals import connection_created
from django_q.brokers import get_broker
from django_q.scheduler import scheduler

from jobs import cluster, healing, processes, watchdog, wire, workers
from jobs.alerts import watcher
from jobs.guard import Guard

logger = logging.getLogger("jobs")

LOOK_SECONDS = 0.1
RESCUE_SECONDS = 0.5
GUARD_SECONDS = 0.5
SCHEDULE_SECONDS = 0.5
HEAL_SECONDS = 30.0
HEAL_ALL_SECONDS = 600.0
"""How often jobs older than a day are looked at too: every row is read for that."""
SWEEP_SECONDS = 5.0
FROZEN_SECONDS = 3.0
"""A sentinel that did not look around for so long cannot replace dead workers: it is replaced itself."""
STOP_SECONDS = 9.0
"""How long all of a stop may take before force: a job is back ten seconds after the signal, also on a busy machine."""
ORPHAN_SECONDS = 4.0
"""The same for workers whose sentinel died. Their code has 2 s of it (`heartbeat.GRACE_SECONDS`), and new ones wait."""


class Keeper:
    """One run of `qcluster`."""

    def __init__(self) -> None:
        self._stop_by: float | None = None
        self._sentinel: BaseProcess | None = None
        self._guard = Guard()
        self._left: set[uuid.UUID] = set()
        duties = [self._rescue, self._end_bad_workers, self._schedule, self._heal, self._heal_all, self._sweep]
        self._due = dict.fromkeys(duties, 0.0)

    def run(self) -> int:
        """Keep workers until a signal comes; return the exit status, not 0 when the sentinel died."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        connection_created.connect(wire.end_idle_transactions)  # here and in every process that is forked
        connection.close()
        processes.adopt_orphans()
        sentinel, stop = cluster.start_sentinel()
        self._sentinel = sentinel
        watcher.start()
        watchdog.keep_notifying()
        watch = watchdog.Watch(FROZEN_SECONDS)
        while self._stop_by is None and sentinel.is_alive():
            if watch.is_frozen(stop.looked_at.value, time.monotonic()):
                logger.error("the sentinel is frozen: ending it")
                sentinel.kill()
            self._tend()
            self._end_orphans(sentinel)
            time.sleep(LOOK_SECONDS)
        died = self._stop_by is None
        if died:
            logger.error("the sentinel died: ending its workers")
        self._end(sentinel)
        return 1 if died else 0

    def _end_orphans(self, sentinel: BaseProcess) -> None:
        """What a dead worker's handler forked ends too; workers themselves come here when the sentinel has died."""
        orphans = set(processes.children(os.getpid())) - {sentinel.pid}
        if orphans and sentinel.is_alive():
            processes.end(orphans)
        processes.reap_orphans(except_for=sentinel.pid)

    def _end(self, sentinel: BaseProcess) -> None:
        """Everything below this process ends: by itself first, then by force.

        A sentinel that ends in order has seen its workers end: what is left then is what they left behind. When it
        died, they are still handing back.
        """
        sentinel.terminate()
        until = self._stop_by or time.monotonic() + ORPHAN_SECONDS
        while processes.children(os.getpid()) and sentinel.exitcode != 0 and time.monotonic() < until:
            processes.reap_orphans(except_for=sentinel.pid)
            time.sleep(LOOK_SECONDS / 2)
        while left := processes.children(os.getpid()):
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            sentinel.join(0.1)
            processes.reap_orphans(except_for=sentinel.pid)
        self._seconds_after(self._rescue)

    def _tend(self) -> None:
        for duty, due in self._due.items():
            if time.monotonic() >= due:
                self._due[duty] = time.monotonic() + self._seconds_after(duty)

    def _seconds_after(self, duty: Callable[[], float]) -> float:
        """Do a duty; return when to do it again. Whatever goes wrong: without this process nobody would rescue."""
        try:
            return duty()
        except DatabaseError as error:
            logger.warning("database: %s", str(error).strip())
        except Exception:
            logger.exception("a duty of the main process failed")
        connection.close()
        return RESCUE_SECONDS

    def _rescue(self) -> float:
        workers.rescue()
        return RESCUE_SECONDS

    def _end_bad_workers(self) -> float:
        self._guard.look()
        return GUARD_SECONDS

    def _schedule(self) -> float:
        scheduler(broker=get_broker())
        return SCHEDULE_SECONDS

    def _heal(self) -> float:
        healing.heal(since=datetime.timedelta(days=1))
        return HEAL_SECONDS

    def _heal_all(self) -> float:
        healing.heal()
        return HEAL_ALL_SECONDS

    def _sweep(self) -> float:
        self._left = workers.sweep(self._left)
        return SWEEP_SECONDS

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        """Tell the workers at once: a duty may be waiting for the database at this moment."""
        if self._stop_by is None:
            self._stop_by = time.monotonic() + STOP_SECONDS
        if self._sentinel is not None:
            self._sentinel.terminate()
