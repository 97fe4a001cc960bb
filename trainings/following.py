"""Following a training to its end, and doing its work here when no worker is there to do it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Self

from django.conf import settings
from django.db.models.functions import Now

from jobs import workers
from jobs.models import BackgroundJob, JobQueue
from trainings.models import Training

POLL_SECONDS = 0.25
PROCESSES = 2
"""At most this many jobs side by side here: the listening and the video."""
FIRST_PAUSE_SECONDS = 1.0
"""Workers that are just starting shall have the work."""
FAILURES_LIMIT = 3
STOP_SECONDS = 15.0


class NobodyWorks(Exception):
    """No worker is there, and processing here fails to start as well."""


def follow(training: Training, *, show: Callable[[Sequence[BackgroundJob]], None]) -> None:
    """Return when no job of the training is left to do. `show` gets its jobs again and again, in pipeline order.

    Raises Training.DoesNotExist when somebody deletes it meanwhile, and NobodyWorks.
    """
    with Help(training) as help:
        while True:
            jobs = list(BackgroundJob.objects.filter(training=training).order_by("created_at", "id"))
            if not jobs and not Training.objects.filter(pk=training.pk).exists():
                raise Training.DoesNotExist
            show(jobs)
            if all(job.status not in ("pending", "processing") for job in jobs):
                return
            help.where_needed()
            time.sleep(POLL_SECONDS)


class Help:
    """Processes of our own that run the training's due jobs while no worker is there.

    Processes, so that a job that takes one down leaves us to tell about it.
    """

    def __init__(self, training: Training) -> None:
        self._training = training
        self._running: list[subprocess.Popen[bytes]] = []
        self._failures = 0
        self._not_before = time.monotonic() + FIRST_PAUSE_SECONDS

    def where_needed(self) -> None:
        """Start a process for each due job that nobody takes."""
        self._reap()
        if time.monotonic() < self._not_before or workers.alive():
            return
        while len(self._running) < min(PROCESSES, settings.WORKERS, self._due() + self._busy()):
            self._running.append(self._start())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        for process in self._running:
            if kind is not None:
                process.terminate()  # it hands its job back
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _due(self) -> int:
        """How many jobs could start now."""
        return JobQueue.objects.filter(job__training=self._training, token=None, run_at__lte=Now()).count()

    def _busy(self) -> int:
        """How many of our processes have a job, as far as the jobs tell."""
        processing = BackgroundJob.objects.filter(training=self._training, status="processing").count()
        return min(processing, len(self._running))

    def _reap(self) -> None:
        ended = [process.returncode for process in self._running if process.poll() is not None]
        self._running = [process for process in self._running if process.poll() is None]
        if ended:
            self._failures = 0 if 0 in ended else self._failures + 1
        if self._failures >= FAILURES_LIMIT:
            raise NobodyWorks

    def _start(self) -> subprocess.Popen[bytes]:
        argv = [sys.executable, str(settings.BASE_DIR / "manage.py"), "process_jobs"]
        argv += ["--training", str(self._training.id)]
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
