"""Run jobs in the foreground, in the caller's own transaction: for tests of handlers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from jobs import claim, runner
from jobs.attempt import Attempt
from jobs.models import BackgroundJob, JobQueue


def run_due_jobs(
    job_types: Sequence[str] | None = None, *, limit: int = 100, ignore_backoff: bool = False
) -> list[BackgroundJob]:
    """Run every due job, and those it makes due, one after the other; return them as they are afterwards.

    `ignore_backoff` also runs, at once, what waits for its next retry.
    """
    worker = uuid.uuid4()
    ran: list[uuid.UUID] = []
    while len(ran) < limit:
        if ignore_backoff:
            JobQueue.objects.filter(token=None, run_at__isnull=False).update(run_at="2000-01-01T00:00Z")
        claimed = claim.take(worker, "test", claim.Wanted(job_types))
        if not isinstance(claimed, claim.Claimed):
            break
        runner.run(Attempt(claimed.job, claimed.lease))
        ran.append(claimed.job.pk)
    by_id = BackgroundJob.objects.in_bulk(ran)
    return [by_id[pk] for pk in ran if pk in by_id]
