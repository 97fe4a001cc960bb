"""The thread that keeps a worker's lease alive, writes its progress and hears what is asked of it."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connection as django_connection

from jobs import queries, runner, sql, wire
from jobs.attempt import Attempt
from jobs.errors import Cancelled, HandedBack, LeaseLost, TooSlow
from jobs.hold import Hold
from jobs.workers import Identity

logger = logging.getLogger("jobs")

BEAT_SECONDS = 5.0
TICK_SECONDS = 0.25
"""How often progress is written at most, and limits are looked at."""
GRACE_SECONDS = 2.0
"""How long the code of an interrupted job may go on before its process is ended."""
HAND_BACK_GRACE_SECONDS = 5.0
"""The same when the cluster is told to stop. After the death of the sentinel the workers only stand in the way of new
ones, so it is `GRACE_SECONDS` there."""


class Heartbeat(threading.Thread):
    """Beats for one worker process. It has a connection of its own, because the work may block the other."""

    def __init__(self, identity: Identity, bell: queue.SimpleQueue[None], *, may_exit: bool) -> None:
        """`bell` is rung when something may be due. `may_exit`: this process may be ended with stuck work."""
        super().__init__(name="heartbeat", daemon=True)
        self.hold: Hold | None = None
        self._row = identity.as_row()
        self._bell = bell
        self._may_exit = may_exit
        self._parent = os.getppid()
        self._next_beat = 0.0
        self._stopped = threading.Event()
        self._registered = threading.Event()

    def run(self) -> None:
        """Beat until stopped; a broken connection is made anew."""
        while not self._stopped.is_set():
            try:
                with psycopg.connect(**wire.parameters(synchronous_commit="off")) as connection:
                    connection.execute("LISTEN job_due")
                    connection.execute("LISTEN job_interrupt")
                    self._bell.put(None)  # something may have come due while nobody listened
                    self._next_beat = 0.0
                    while not self._stopped.is_set():
                        self._tick(connection)
            except Exception as error:  # noqa: BLE001  (whatever it is: without a heartbeat the lease runs out unheard)
                logger.warning("heartbeat: %s", str(error).strip())
                self._enforce()
                self._stopped.wait(TICK_SECONDS)

    def wait_registered(self, seconds: float) -> bool:
        """Wait until the worker's row exists."""
        return self._registered.wait(seconds)

    def stop(self) -> None:
        """Beat no more, and take the worker's row away."""
        self._stopped.set()
        self.join(2.0)

    @contextlib.contextmanager
    def holding(self, work: Hold) -> Iterator[None]:
        """Beat for this lease, while the block runs."""
        self.hold = work
        try:
            yield
        finally:
            self.hold = None

    def _tick(self, connection: psycopg.Connection[Any]) -> None:
        work = self.hold
        if time.monotonic() >= self._next_beat:
            self._beat(connection, work)
        if work is not None and work.news is not None:
            (percent, message), work.news = work.news, None
            params = {"token": work.token, "percent": percent, "message": message}
            connection.execute(sql.load("progress"), params)
        self._enforce()
        for note in connection.notifies(timeout=TICK_SECONDS, stop_after=1):
            if note.channel == "job_due":
                if self._bell.empty():  # once is enough, however much comes due while the worker is busy
                    self._bell.put(None)
                    time.sleep(0)  # gives the interpreter to the worker at once
            elif self.hold is not None and note.payload == str(self.hold.job_id):
                self._next_beat = 0.0

    def _beat(self, connection: psycopg.Connection[Any], work: Hold | None) -> None:
        params = {**self._row, "lease": queries.LEASE_SECONDS, "token": work.token if work else None}
        held = connection.execute(sql.load("beat"), params).fetchone()
        self._next_beat = time.monotonic() + BEAT_SECONDS
        self._registered.set()
        if work is None or held or self.hold is not work or work.wish is not None:
            return
        row = connection.execute("SELECT status FROM background_jobs WHERE id = %s", [work.job_id]).fetchone()
        if self.hold is work:
            work.interrupt(Cancelled if row and row[0] == "cancelled" else LeaseLost)

    def _enforce(self) -> None:
        """Interrupt what takes too long; end the process when interrupted code does not end."""
        work = self.hold
        if work is None:
            return
        if work.wish is None:
            if work.deadline is not None and time.monotonic() > work.deadline:
                work.interrupt(TooSlow)
            return
        if self._may_exit and time.monotonic() > work.wished_at + self._grace(work):
            self._end_process(work)

    def _grace(self, work: Hold) -> float:
        """Return how many seconds interrupted code may go on."""
        orderly = work.wish is HandedBack and os.getppid() == self._parent
        return HAND_BACK_GRACE_SECONDS if orderly else GRACE_SECONDS

    def _end_process(self, work: Hold) -> None:
        """The code is stuck where Python cannot reach it: write how the job ended for it, and go."""
        logger.error("ending worker %s: its work did not end when told to (%s)", os.getpid(), work.wish)
        with contextlib.suppress(Exception):
            if isinstance(work, Attempt) and work.wish is not None:
                runner.conclude(work, work.wish())
            work.end()
            django_connection.close()
        os._exit(70)  # EX_SOFTWARE of sysexits.h
