"""The context a handler is given: one run of a job under its lease."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from django.db import DataError, transaction

from jobs import processes, queries, registry, stored
from jobs.errors import Cancelled, Interrupted, LeaseLost, PermanentError, ProcessFailed, UnknownJobType
from jobs.hold import Hold
from jobs.models import BackgroundJob, JobQueue, JobStep
from jobs.patience import patiently
from jobs.states import Lease

T = TypeVar("T")
_MESSAGE_LIMIT = 200
_STEP_LIMIT_BYTES = 50_000_000
"""A whole transcript with its words has a few; jsonb itself ends at 268."""


class Attempt(Hold):
    """Implements `jobs.context.Context`. `buffered`: a heartbeat writes the progress, at its own pace."""

    def __init__(self, job: BackgroundJob, lease: Lease, *, buffered: bool = False) -> None:
        super().__init__(lease.token, job_id=job.pk, time_limit=_time_limit(job.job_type))
        self.job = job
        self.lease = lease
        self.input: Mapping[str, Any] = job.input_data
        self._buffered = buffered

    def step(self, name: str, run: Callable[[], T]) -> T:
        """Run `run` once per job; see `jobs.context.Context.step`."""
        with self.shielded():
            known = patiently(lambda: queries.step_stored(self.token, name))
        if known is None:
            raise self._lost()
        if known["stored"]:
            return known["result"]  # type: ignore[no-any-return]
        started = time.monotonic()
        made = run()
        try:
            text = stored.as_text(made, _STEP_LIMIT_BYTES)
        except ValueError as reason:
            raise PermanentError("bad_output", "Something went wrong on our side.", f"step {name}: {reason}") from None
        result: T = json.loads(text)  # what a later attempt would get, also now
        seconds = time.monotonic() - started
        try:
            with self.shielded():
                kept = patiently(lambda: queries.step_store(self.token, name, result, seconds))
        except DataError as error:
            raise PermanentError("bad_output", "Something went wrong on our side.", f"step {name}: {error}") from error
        if not kept:
            raise self._lost()
        return result

    def stored_steps(self) -> frozenset[str]:
        """Return the names of the steps that need no run; see `jobs.context.Context.stored_steps`."""
        with self.shielded():
            return frozenset(JobStep.objects.filter(job=self.job).values_list("name", flat=True))

    def report(self, percent: float, message: str = "") -> None:
        """Say how far the work is; see `jobs.context.Context.report`."""
        self.check()
        news = (min(99, max(0, int(percent))), stored.readable(message[:_MESSAGE_LIMIT]))
        if self._buffered:
            self.news = news
        else:
            queries.progress(self.token, *news)

    def run(
        self,
        argv: Sequence[str],
        *,
        on_line: Callable[[str], None] | None = None,
        timeout: float | None = None,
        memory_limit: int | None = None,
    ) -> str:
        """Run a child process to its end; see `jobs.context.Context.run`."""
        self.has_children = True
        try:
            return processes.run(
                argv,
                mark=str(self.token),
                check=self.check,
                on_line=on_line,
                timeout=timeout,
                memory_limit=memory_limit,
            )
        except ProcessFailed:
            self.check()  # a child that was ended because this attempt must end has not failed
            raise

    @contextlib.contextmanager
    def owned(self) -> Iterator[None]:
        """Open a transaction for the handler's own rows that commits only while the lease stands."""
        with transaction.atomic():
            if not JobQueue.objects.select_for_update(no_key=True).filter(token=self.token).exists():
                raise self._lost()
            yield

    def _lost(self) -> Interrupted:
        """Return why the lease does not stand any more."""
        cancelled = BackgroundJob.objects.filter(pk=self.job.pk, status=BackgroundJob.Status.CANCELLED).exists()
        self.wish = self.wish or (Cancelled if cancelled else LeaseLost)
        return self.wish()


def _time_limit(job_type: str) -> float | None:
    try:
        return registry.get(job_type).time_limit
    except UnknownJobType:
        return None
