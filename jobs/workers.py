"""Who runs jobs on which host, and what happens to the jobs of the dead."""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now
from psycopg.errors import LockNotAvailable

from jobs import processes, queries, runner, states, tasks
from jobs.errors import PermanentError
from jobs.hold import clean_up, left_here
from jobs.models import BackgroundJob, JobAttempt, JobQueue, Worker

logger = logging.getLogger("jobs")

DEATHS_LIMIT = 2
"""A job whose worker died this often is failed: it may well be what kills them."""
LOCK_TIMEOUT = "500ms"
_FORGET_AFTER = timedelta(seconds=60)


@cache
def host() -> str:
    """Return what a pid is valid within: the machine's name, its boot and its pid namespace."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
    return f"{socket.gethostname()[:120]}/{boot}/{Path('/proc/self/ns/pid').readlink().name[5:-1]}"


@dataclass(frozen=True)
class Identity:
    """This process as a worker."""

    resident: bool
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    host: str = field(default_factory=host)
    pid: int = field(default_factory=os.getpid)

    @property
    def name(self) -> str:
        """What the record of an attempt calls it."""
        return f"{self.host.split('/')[0]}:{self.pid}"

    def as_row(self) -> dict[str, Any]:
        """Return the parameters of `beat.sql` that name this worker."""
        ticks = processes.started_ticks(self.pid) or 0
        return {"id": self.id, "host": self.host, "pid": self.pid, "ticks": ticks, "resident": self.resident}


def alive() -> int:
    """Return how many resident workers beat within the length of a lease, on all hosts."""
    recent = Now() - timedelta(seconds=queries.LEASE_SECONDS)
    return Worker.objects.filter(resident=True, seen_at__gt=recent).count()


def resident() -> int:
    """Return how many workers stay, as the claim counts them: dead ones until somebody finds them."""
    return Worker.objects.filter(resident=True).count()


def rescue() -> int:
    """Give back the jobs of workers that died on this host, and of those anywhere that stopped beating.

    Return how many. Safe to call from many processes at once: each move names the lease it ends.
    """
    dead = [
        worker.pk
        for worker in Worker.objects.filter(host=host())
        if processes.started_ticks(worker.pid) != worker.ticks
    ]
    rescued = [_rescue_unless_locked(row) for row in queries.orphaned(dead)]
    if dead and None not in rescued:  # what could not be rescued is still to be known for a dead worker's
        Worker.objects.filter(pk__in=dead).delete()
    Worker.objects.filter(seen_at__lt=Now() - _FORGET_AFTER).exclude(host=host()).delete()
    return sum(map(bool, rescued))


def sweep(suspects: Set[uuid.UUID]) -> set[uuid.UUID]:
    """Kill and delete what attempts have left on this host; return what looks left now, the next call's suspects.

    Rescue cleans up after a dead worker that held a lease. This is for one that died when the lease was over already.
    What was no suspect before is spared: its attempt may be winding down.
    """
    found = left_here()
    left = found - set(JobQueue.objects.filter(token__in=found).values_list("token", flat=True)) if found else found
    for token in left & suspects:
        clean_up(token)
    return left - suspects


def _rescue_unless_locked(row: queries.Row) -> bool | None:
    """Rescue one job; None when somebody has locked it. That one may be frozen, and others wait to be rescued too."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
            return _rescue(row)
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        return None


def _rescue(row: queries.Row) -> bool:
    clean_up(row["token"])
    if row["payload"]:
        return tasks.lose(row["token"], give_up=row["deaths"] + 1 >= DEATHS_LIMIT)
    lease = states.Lease(row["job_id"], row["token"], deaths=row["deaths"])
    logger.warning("rescuing job %s: its worker died or stopped answering", lease.job_id)
    if lease.deaths + 1 < DEATHS_LIMIT:
        return states.lose(lease)
    attempt = JobAttempt.objects.filter(pk=lease.token).values_list("number", flat=True).first() or 0
    job_type = BackgroundJob.objects.values_list("job_type", flat=True).get(pk=lease.job_id)
    error = PermanentError(
        "worker_died",
        "This part was stopped twice because the program working on it died. Retry it, or try a smaller file.",
        f"{DEATHS_LIMIT} workers died or stopped answering while they held this job",
    )
    return states.fail(lease, runner.error_data(error, attempt), job_type, JobAttempt.Outcome.LOST)
