"""Which rows a line of the list reads, and no more: inputs and outputs may be large."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models.fields.json import KT

from jobs import limits, pace
from jobs.admin import costs, line
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


def by_id(ids: Iterable[uuid.UUID]) -> list[BackgroundJob]:
    """Return the lines of these jobs, in this order; those gone are left out.

    With each come its `latest_attempt`, its `cost` in words, how many are `ahead` of it in line, and, for all together,
    what holds work up (`held`) and how long such work took before (`past`).
    """
    wanted = list(ids)
    jobs = readable(BackgroundJob.objects.filter(pk__in=wanted).order_by()).in_bulk()
    newest = JobAttempt.objects.filter(job__in=wanted).defer("error_data").order_by("job_id", "-number")
    latest = {attempt.job_id: attempt for attempt in newest.distinct("job_id")}
    held, past, cost = limits.Lookup(), pace.Past(), costs.of(wanted)
    pending = [job.pk for job in jobs.values() if job.status == BackgroundJob.Status.PENDING]
    ahead = line.before(pending, held.limits) if pending else {}
    for job in jobs.values():
        more = {"held": held, "past": past, "ahead": ahead.get(job.pk), "cost": cost.get(job.pk, "")}
        vars(job).update(more, latest_attempt=latest.get(job.pk))
    return [jobs[pk] for pk in wanted if pk in jobs]


def estimate(jobs: JobQuerySet) -> int:
    """Return about how many there are, as the database's planner thinks: it looks at no row."""
    plan: list[dict[str, Any]] = json.loads(jobs.order_by().explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])
