"""Taking the next job: companies take turns, within one the first by priority."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import IntegrityError, connection
from uuid6 import uuid7

from jobs import prepared, queries, registry, sql
from jobs.models import BackgroundJob, JobQueue
from jobs.models.queue import NOBODY
from jobs.states import Lease

_PLACES = ("queue_type_place", "queue_heavy_place", "queue_company_place")


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


_NOT_PENDING = Task("", NOBODY)
"""A claim came upon a job that is not pending."""
_LATE_HAS_COME = Task("", uuid.UUID(int=1))
"""A claim took nothing because what was put off for later must be put in line first."""


@dataclass(frozen=True)
class Claimed:
    """A claimed job."""

    job: BackgroundJob
    lease: Lease


def take(worker: uuid.UUID, worker_name: str, wanted: Wanted, *, after: uuid.UUID = NOBODY) -> Claimed | Task | None:
    """Claim a due row for this worker, or return None when nothing is due that may run now.

    `after` is the company whose work this worker took last: the others have their turn first.
    """
    lined_up = False
    while True:
        try:
            taken = _read(prepared.execute(*statement(worker, worker_name, wanted, after, lined_up=lined_up)))
        except IntegrityError as error:
            if connection.in_atomic_block or not _place_was_taken(error):
                raise
            continue
        if taken == _LATE_HAS_COME:
            queries.line_up()
            lined_up = True
        elif taken != _NOT_PENDING:
            return taken


def finish_and_take(
    finish: prepared.Statement, worker: uuid.UUID, worker_name: str, wanted: Wanted, *, after: uuid.UUID
) -> tuple[bool, Claimed | Task | None]:
    """Run `finish`, which ends a job, and claim the next one: one round trip and one commit for both.

    Return whether `finish` changed a row, and what was claimed. After an error neither has happened, unless it is
    one of the connection: then nobody knows.
    """
    finished, rows = prepared.execute_all(finish, statement(worker, worker_name, wanted, after))
    taken = _read(rows)
    return bool(finished), None if taken in (_NOT_PENDING, _LATE_HAS_COME) else taken


def statement(
    worker: uuid.UUID, worker_name: str, wanted: Wanted, after: uuid.UUID, *, lined_up: bool = False
) -> prepared.Statement:
    """Return the claim and its parameters; with `lined_up` it takes what there is, though more may have become due."""
    shares = registry.shares()
    return _text(wanted.condition()), {
        "token": uuid7(),  # also the attempt's key, so ordered by time as the job's
        "worker": worker,
        "worker_name": worker_name,
        "lease": queries.LEASE_SECONDS,
        "job_types": list(wanted.job_types or ()),
        "training": wanted.training,
        "after": after,
        "nobody": NOBODY,
        "types": list(shares),
        "shares": list(shares.values()),
        "heavy": registry.heavy(),
        "lined_up": lined_up,
        "company_most": settings.COMPANY_JOBS,
    }


@cache
def _text(condition: str) -> str:
    """Return the SQL. Its columns are named: a plan that is kept must outlive the column that an update adds."""
    columns = ", ".join(f"j.{field.column}" for field in BackgroundJob._meta.concrete_fields)
    return sql.load("claim").replace("{only}", condition).replace("{columns}", columns)


def _read(rows: list[queries.Row]) -> Claimed | Task | None:
    if not rows:
        return None
    row = rows[0]
    if row["come"]:
        return _LATE_HAS_COME
    if row["lease_payload"]:
        return Task(row["lease_payload"], row["lease_token"])
    if row["id"] is None:
        # Somebody changed the job's row by hand, so its place in the queue means nothing.
        JobQueue.objects.filter(token=row["lease_token"]).delete()
        return _NOT_PENDING
    job = queries.job(row)
    return Claimed(job, Lease(job.pk, row["lease_token"], row["lease_attempt"], row["lease_deaths"]))


def _place_was_taken(error: IntegrityError) -> bool:
    """Return whether another worker took the last place under a cap in the same moment."""
    return any(name in str(error) for name in _PLACES)
