"""Following a training to its end, and doing its work here when no worker is there to do it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings

from jobs import workers
from jobs.models import BackgroundJob
from trainings.models import Training

POLL_SECONDS = 0.25
PAUSE_SECONDS = 2.0
"""Between two starts of our own processing: what waits for its retry is not due yet."""
STOP_SECONDS = 15


def follow(training: Training, *, show: Callable[[Sequence[BackgroundJob]], None]) -> None:
    """Return when no job of the training is left to do. `show` gets its jobs again and again, in pipeline order.

    Raises Training.DoesNotExist when somebody deletes it meanwhile.
    """
    with _helping(training) as help_out:
        while True:
            jobs = list(BackgroundJob.objects.filter(training=training).order_by("created_at", "id"))
            if not jobs and not Training.objects.filter(pk=training.pk).exists():
                raise Training.DoesNotExist
            show(jobs)
            if all(job.status not in ("pending", "processing") for job in jobs):
                return
            help_out()
            time.sleep(POLL_SECONDS)


@contextmanager
def _helping(training: Training) -> Iterator[Callable[[], None]]:
    """Give a function that starts our own processing whenever nobody else works; stop it in the end."""
    process: subprocess.Popen[bytes] | None = None
    due = 0.0

    def help_out() -> None:
        nonlocal process, due
        running = process is not None and process.poll() is None
        if running or time.monotonic() < due or workers.alive():
            return
        process = _start(training)
        due = time.monotonic() + PAUSE_SECONDS

    try:
        yield help_out
    finally:
        if process is not None and process.poll() is None:
            _stop(process)


def _start(training: Training) -> subprocess.Popen[bytes]:
    """A process of its own, so that a job that takes it down leaves us to tell about it."""
    argv = [sys.executable, str(settings.BASE_DIR / "manage.py"), "process_jobs", "--training", str(training.id)]
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
