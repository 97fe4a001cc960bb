"""Taking the next due row."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from jobs import queries, sql
from jobs.models import BackgroundJob, JobQueue
from jobs.states import Lease


@dataclass(frozen=True)
class Wanted:
    """Which rows a worker takes: None means every one."""

    job_types: Sequence[str] | None = None
    training: uuid.UUID | None = None
    jobs_only: bool = False
    """Leave django-q2's tasks to the workers."""

    def condition(self) -> str:
        """Return the SQL that narrows the claim."""
        only = " AND job_id IS NOT NULL" if self.jobs_only else ""
        if self.job_types is not None:
            only += " AND job_type = ANY(%(job_types)s)"
        if self.training is not None:
            only += " AND job_id IN (SELECT id FROM background_jobs WHERE training_id = %(training)s)"
        return only


@dataclass(frozen=True)
class Task:
    """A claimed django-q2 task."""

    payload: str
    token: uuid.UUID


@dataclass(frozen=True)
class Claimed:
    """A claimed job."""

    job: BackgroundJob
    lease: Lease


def take(worker: uuid.UUID, worker_name: str, wanted: Wanted) -> Claimed | Task | None:
    """Claim the first due row for this worker, or return None when nothing is due."""
    rows = queries.execute(
        sql.load("claim").replace("{only}", wanted.condition()),
        {
            "worker": worker,
            "worker_name": worker_name,
            "lease": queries.LEASE_SECONDS,
            "job_types": list(wanted.job_types or ()),
            "training": wanted.training,
        },
    )
    if not rows:
        return None
    row = rows[0]
    if row["lease_payload"]:
        return Task(row["lease_payload"], row["lease_token"])
    if row["id"] is None:
        # Somebody changed the job's row by hand: it is not pending, so its place in the queue means nothing.
        JobQueue.objects.filter(token=row["lease_token"]).delete()
        return take(worker, worker_name, wanted)
    job = queries.job(row)
    return Claimed(job, Lease(job.pk, row["lease_token"], row["lease_attempt"], row["lease_deaths"]))
