"""The context a handler is given: one run of a job under its lease."""

from __future__ import annotations

import contextlib
import ctypes
import json
import shutil
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from jobs import processes, queries
from jobs.errors import Cancelled, Interrupted, LeaseLost
from jobs.models import BackgroundJob, JobQueue
from jobs.states import Lease

T = TypeVar("T")

INTERRUPT_SIGNAL = signal.SIGUSR1
"""Wakes the main thread out of a blocking call; `jobs.worker` installs its handler."""
_MESSAGE_LIMIT = 200


class Attempt:
    """Implements `jobs.context.Context`."""

    def __init__(self, job: BackgroundJob, lease: Lease, *, buffered: bool = False) -> None:
        self.job = job
        self.lease = lease
        self.input: Mapping[str, Any] = job.input_data
        self.scratch = scratch_folder(lease.token)
        self.wish: type[Interrupted] | None = None
        """Why the attempt must end, once it must."""
        self.wished_at = 0.0
        self.started = time.monotonic()
        self.news: tuple[int, str] | None = None
        """Progress that the heartbeat has still to write."""
        self._buffered = buffered
        self._thread = threading.get_ident()
        self._interruptible = False
        self._interrupted = False

    def step(self, name: str, run: Callable[[], T]) -> T:
        """Run `run` once per job; see `jobs.context.Context.step`."""
        with self._shielded():
            known = queries.step_stored(self.lease.token, name)
        if known is None:
            raise self._lost()
        if known["stored"]:
            return known["result"]  # type: ignore[no-any-return]
        started = time.monotonic()
        text = json.dumps(run(), cls=DjangoJSONEncoder, allow_nan=False)
        result: T = json.loads(text)  # what a later attempt would get, also now
        with self._shielded():
            stored = queries.step_store(self.lease.token, name, result, time.monotonic() - started)
        if not stored:
            raise self._lost()
        return result

    def report(self, percent: float, message: str = "") -> None:
        """Say how far the work is; see `jobs.context.Context.report`."""
        self.check()
        news = (min(99, max(0, int(percent))), message[:_MESSAGE_LIMIT])
        if self._buffered:
            self.news = news
        else:
            queries.progress(self.lease.token, *news)

    def check(self) -> None:
        """Raise when the attempt must end."""
        if self.wish is not None:
            raise self.wish

    def run(
        self,
        argv: Sequence[str],
        *,
        on_line: Callable[[str], None] | None = None,
        timeout: float | None = None,
        memory_limit: int | None = None,
    ) -> str:
        """Run a child process to its end; see `jobs.context.Context.run`."""
        return processes.run(
            argv,
            mark=str(self.lease.token),
            check=self.check,
            on_line=on_line,
            timeout=timeout,
            memory_limit=memory_limit,
        )

    @contextlib.contextmanager
    def owned(self) -> Iterator[None]:
        """Open a transaction for the handler's own rows that commits only while the lease stands."""
        with transaction.atomic():
            if not JobQueue.objects.select_for_update(no_key=True).filter(token=self.lease.token).exists():
                raise self._lost()
            yield

    def interrupt(self, why: type[Interrupted]) -> None:
        """End the attempt from another thread or a signal: its children at once, its code as soon as it can."""
        if self.wish is None:
            self.wish, self.wished_at = why, time.monotonic()
        processes.kill_marked(str(self.lease.token))
        if self._thread == threading.main_thread().ident:
            signal.pthread_kill(self._thread, INTERRUPT_SIGNAL)
        elif self._interruptible:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(self.wish))

    def on_signal(self) -> None:
        """Raise the wish in the handler's code, once; never within the engine's own writes."""
        if self.wish is not None and self._interruptible and not self._interrupted:
            self._interrupted = True
            raise self.wish

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """While the handler's own code runs."""
        self.scratch.mkdir(parents=True)
        self._interruptible = True
        try:
            self.check()
            yield
        finally:
            self._interruptible = False

    def end(self) -> None:
        """Leave nothing behind: no child process, no file."""
        self._interruptible = False
        processes.kill_marked(str(self.lease.token))
        shutil.rmtree(self.scratch, ignore_errors=True)

    @contextlib.contextmanager
    def _shielded(self) -> Iterator[None]:
        was, self._interruptible = self._interruptible, False
        try:
            self.check()
            yield
        finally:
            self._interruptible = was
        self.check()

    def _lost(self) -> Interrupted:
        """Return why the lease does not stand any more."""
        cancelled = BackgroundJob.objects.filter(pk=self.job.pk, status=BackgroundJob.Status.CANCELLED).exists()
        self.wish = self.wish or (Cancelled if cancelled else LeaseLost)
        return self.wish()


def scratch_folder(token: uuid.UUID) -> Path:
    """Return the folder that belongs to an attempt."""
    return Path(settings.VAR_DIR) / "scratch" / str(token)
