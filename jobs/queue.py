"""The verbs every caller uses: enqueue, cancel, retry. Each works in the caller's transaction."""

from __future__ import annotations

import datetime
import uuid
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from uuid6 import uuid7

from jobs import queries, registry, shape, states, stored
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob, JobQueue

if TYPE_CHECKING:
    from trainai.accounts.models import Company, User

Status = BackgroundJob.Status
INPUT_LIMIT_BYTES = 1_000_000
MOST_RETRIES = 32_767
"""What a smallint of PostgreSQL holds."""
_BELOW = ("dependency_failed", "dependency_cancelled")


def enqueue(
    job_type: str,
    *,
    user: User,
    company: Company,
    training: models.Model | None = None,
    input_data: dict[str, Any] | None = None,
    priority: int = 5,
    depends_on: BackgroundJob | None = None,
    run_at: datetime.datetime | None = None,
    max_retries: int | None = None,
) -> BackgroundJob:
    """Make a job. Nothing exists and nobody is told before the caller's transaction commits.

    `priority` 1 is first, 10 last. With `depends_on` it waits for that job. `run_at` is the earliest start.
    Raises UnknownJobType, and ValueError for input that is too big, not JSON, not to be held by a row or not what the
    handler takes, a number out of range, a time without a zone, or a dependency that is gone or of another company.
    """
    policy = registry.get(job_type)
    _check_numbers(priority, max_retries)
    if run_at is not None and timezone.is_naive(run_at):
        raise ValueError(f"run_at is {run_at}: it needs a time zone.")
    _check_input(input_data or {}, policy)
    if depends_on is not None and depends_on.company_id != company.pk:
        raise ValueError("A job cannot wait for a job of another company.")
    values = {
        "id": uuid7(),
        "user_id": user.pk,
        "company_id": company.pk,
        "training_id": training.pk if training else None,
        "job_type": job_type,
        "priority": priority,
        "input_data": input_data or {},
        "max_retries": policy.max_retries if max_retries is None else max_retries,
        "depends_on_id": depends_on.pk if depends_on else None,
    }
    # A lone statement needs no transaction of its own.
    with transaction.atomic() if depends_on else nullcontext():
        before = _hold(depends_on) if depends_on else Status.COMPLETED
        created_at = queries.enqueue(values, blocked=before != Status.COMPLETED, run_at=run_at)
        job = BackgroundJob(**values, created_at=created_at)
        if depends_on and before in (Status.FAILED, Status.CANCELLED):
            states.settle_below(depends_on.pk, Status(before), depends_on.job_type)
            job.refresh_from_db()
    job._state.adding = False
    job._state.db = connection.alias
    return job


def cancel(job_id: uuid.UUID, *, by: User | None = None) -> BackgroundJob:
    """Cancel a waiting or running job and what waits for it; cancelling twice is no error.

    Raises BackgroundJob.DoesNotExist, and NotAllowed when it is over already.
    """
    job = BackgroundJob.objects.get(pk=job_id)
    for _ in range(2):  # it was over, and is retried between the two looks
        moved = states.cancel(job.pk, job.job_type)
        job.refresh_from_db()
        if moved or job.status == Status.CANCELLED:
            return job
        if job.is_final:
            break
    raise NotAllowed(f"This is {job.status} already and cannot be cancelled.")


def retry(job_id: uuid.UUID, *, by: User | None = None) -> BackgroundJob:
    """Give a failed or cancelled job a new attempt, and revive what failed or was cancelled with it.

    One that waits for its next automatic retry runs at once. Raises BackgroundJob.DoesNotExist, and
    NotAllowed when it runs, is completed, or waits for a job that is not well.
    """
    with transaction.atomic():
        job = BackgroundJob.objects.select_related("depends_on").get(pk=job_id)
        if job.status == Status.PENDING:
            _run_now(job)
        elif job.status in (Status.FAILED, Status.CANCELLED):
            _revive(job)
        else:
            raise NotAllowed(f"This is {job.status}: only what failed or was cancelled can be retried.")
    job.refresh_from_db()
    return job


def bring_forward(job_id: uuid.UUID, *, priority: int) -> bool:
    """Have a waiting job run now, whatever time it waits for; False when it does not wait. One that runs at this
    moment keeps its next time."""
    due = JobQueue.objects.filter(job=job_id, token=None).update(run_at=Now(), priority=priority)
    BackgroundJob.objects.filter(pk=job_id, status=Status.PENDING).update(next_retry_at=None, priority=priority)
    return bool(due)


def _check_numbers(priority: int, max_retries: int | None) -> None:
    # A bool is an int to Python and none to PostgreSQL.
    if type(priority) is not int or not 1 <= priority <= 10:
        raise ValueError(f"priority is {priority!r}: it goes from 1 (first) to 10 (last).")
    if max_retries is not None and (type(max_retries) is not int or not 0 <= max_retries <= MOST_RETRIES):
        raise ValueError(f"max_retries is {max_retries!r}: it goes from 0 to {MOST_RETRIES:,}.")


def _check_input(data: dict[str, Any], policy: registry.Handler) -> None:
    try:
        stored.as_text(data, INPUT_LIMIT_BYTES)
    except ValueError as reason:
        raise ValueError(f"The input of {policy.job_type} cannot be kept: {reason}.") from None
    if why := shape.misfit(data, policy.takes):
        raise ValueError(f"The input does not fit {policy.job_type}: {why}.")


def _hold(dependency: BackgroundJob) -> str:
    """Return the state of a dependency, held still until the caller commits.

    Ending a job deletes its queue row, so our lock on that keeps it from ending between our look at it and
    our commit: it would not see its new dependent. For the same reason one that has ended is locked: a retry
    would not revive what it does not see.
    """
    ended = BackgroundJob.objects.select_for_update(no_key=True).values_list("status", flat=True)
    for _ in range(2):  # it may be retried between the two looks
        if queries.run("hold", {"job": dependency.pk}):
            return Status.PENDING
        status = ended.filter(pk=dependency.pk).first()
        if status is None:
            raise ValueError("A job cannot wait for one that does not exist.")
        if status not in (Status.PENDING, Status.PROCESSING):
            return status
    return Status.PENDING


def _run_now(job: BackgroundJob) -> None:
    if job.next_retry_at is not None:
        JobQueue.objects.filter(job=job, token=None).update(run_at=Now())
        BackgroundJob.objects.filter(pk=job.pk, status=Status.PENDING).update(next_retry_at=None)


def _revive(job: BackgroundJob) -> None:
    """Reopen a job, then those below it that ended because of it."""
    before = _hold(job.depends_on) if job.depends_on else Status.COMPLETED
    if job.depends_on and before in (Status.FAILED, Status.CANCELLED):
        label = registry.label(job.depends_on.job_type)
        raise NotAllowed(f"This waits for {label}, which is {before}: retry that first.")
    states.reopen(job.pk, blocked=before != Status.COMPLETED)
    for below in job.dependents.filter(error_data__code__in=_BELOW, status__in=(Status.FAILED, Status.CANCELLED)):
        _revive(below)
