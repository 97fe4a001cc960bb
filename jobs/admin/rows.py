"""Which rows a line of the list reads, and no more: inputs and outputs may be large."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models.fields.json import KT

from jobs.models import BackgroundJob, JobAttempt
from jobs.querysets import JobQuerySet

_LARGE = ("input_data", "output_data", "error_data")


def readable(jobs: JobQuerySet) -> JobQuerySet:
    """Fetch with the jobs what their lines show."""
    return (
        jobs.select_related("company", "user", "training", "queue_row", "depends_on")
        .defer(*_LARGE, *(f"depends_on__{name}" for name in _LARGE))
        .annotate(error_code=KT("error_data__code"), error_message=KT("error_data__message"))
    )


def with_attempts(jobs: Iterable[BackgroundJob]) -> list[BackgroundJob]:
    """Give each job its latest attempt, as `latest_attempt`."""
    found = list(jobs)
    newest = JobAttempt.objects.filter(job__in=[job.pk for job in found]).defer("error_data")
    latest = {attempt.job_id: attempt for attempt in newest.order_by("job_id", "-number").distinct("job_id")}
    for job in found:
        job.latest_attempt = latest.get(job.pk)  # type: ignore[attr-defined]
    return found


def by_id(ids: Iterable[uuid.UUID]) -> list[BackgroundJob]:
    """Return the lines of these jobs; those that are gone are left out."""
    return with_attempts(readable(BackgroundJob.objects.filter(pk__in=list(ids))))


def estimate(jobs: JobQuerySet) -> int:
    """Return about how many there are, as the database's planner thinks: it looks at no row."""
    plan: list[dict[str, Any]] = json.loads(jobs.order_by().explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])
