"""Ends workers of this host that take too much memory, that fill the disk, and those that live but do not beat."""

from __future__ import annotations

import contextlib
import datetime
import logging
import os
import resource
import signal
import time
import uuid

from django.conf import settings
from django.db import transaction

from jobs import disk, processes, queries, runner, states
from jobs.attempt import Attempt
from jobs.errors import DiskFull, OutOfMemory
from jobs.hold import clean_up
from jobs.models import BackgroundJob, JobAttempt, JobQueue, Worker
from jobs.workers import host

logger = logging.getLogger("jobs")

_GAP_SECONDS = 5.0
"""Between two looks: who has not looked for so long may have been frozen itself, and knows nothing of silences."""


def limit_memory() -> None:
    """Let the kernel refuse this process more than `JOB_MEMORY_MB` of data: a MemoryError, and the worker lives.

    Data (private and writable), not address space: speech models reserve far more of that than they ever touch.
    """
    limit = settings.JOB_MEMORY_MB * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


class Guard:
    """What one main process has seen of the workers on its host."""

    def __init__(self) -> None:
        self._looked_at = 0.0
        self._beats: dict[uuid.UUID, tuple[datetime.datetime, float]] = {}

    def look(self) -> None:
        """End who is too large or was silent for the length of a lease, by our own clock."""
        now = time.monotonic()
        known = self._beats if now - self._looked_at < _GAP_SECONDS else {}
        self._looked_at, self._beats = now, {}
        for worker in Worker.objects.filter(host=host(), resident=True):
            if processes.started_ticks(worker.pid) != worker.ticks:
                continue  # dead: its jobs are rescued
            seen, since = known.get(worker.pk, (None, now))
            self._beats[worker.pk] = (worker.seen_at, since if seen == worker.seen_at else now)
            used = sum(map(processes.own_memory, processes.family(worker.pid)))
            if used > settings.JOB_MEMORY_MB * 2**20:
                _end_large(worker, used)
            elif now - self._beats[worker.pk][1] > queries.LEASE_SECONDS:
                logger.error("worker %s lives but does not beat: ending it", worker)
                _kill(worker)
        if disk.is_short():
            _end_who_fills_the_disk()


def _end_large(worker: Worker, used: int) -> None:
    """Kill first: every moment costs memory. Then say why its job failed, before it is rescued as a dead one's."""
    logger.error("worker %s takes %d MB, more than JOB_MEMORY_MB allows: ending it", worker, used // 2**20)
    _kill(worker)
    row = JobQueue.objects.filter(worker_id=worker.pk, token__isnull=False).first()
    if row is None or row.job_id is None or row.token is None:
        return
    job_type = BackgroundJob.objects.values_list("job_type", flat=True).get(pk=row.job_id)
    error = OutOfMemory(f"{used // 2**20} MB with its children; JOB_MEMORY_MB is {settings.JOB_MEMORY_MB}")
    lease = states.Lease(row.job_id, row.token)
    states.fail(lease, runner.error_data(error, row.attempt), job_type, JobAttempt.Outcome.LOST)


def _end_who_fills_the_disk() -> None:
    """End the job of this host that holds most of it, with its files; at the next look perhaps one more."""
    here = Worker.objects.filter(host=host(), resident=True).in_bulk()
    rows = JobQueue.objects.filter(worker_id__in=here, token__isnull=False, job__isnull=False)
    held = [(disk.held(row.token), row) for row in rows.select_related("job") if row.token]
    most, row = max(held, key=lambda each: each[0], default=(0, None))
    if row is None or row.job is None or row.token is None or row.worker_id is None or most < disk.WORTH_BYTES:
        return
    worker = here[row.worker_id]
    error = DiskFull(
        f"{most // 2**20} MB in its folder, and less than DISK_RESERVE_MB ({settings.DISK_RESERVE_MB}) free"
    )
    with transaction.atomic():
        # With the row locked its worker can neither end this job nor have begun another.
        is_held = JobQueue.objects.select_for_update(skip_locked=True).filter(pk=row.pk, token=row.token).exists()
        if not is_held or processes.started_ticks(worker.pid) != worker.ticks:
            return
        logger.error("the disk is full and a job of worker %s holds %d MB of it: ending it", worker, most // 2**20)
        _kill(worker)
        clean_up(row.token)
        runner.failed(Attempt(row.job, states.Lease(row.job.pk, row.token, row.attempt)), error)


def _kill(worker: Worker) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker.pid, signal.SIGKILL)
