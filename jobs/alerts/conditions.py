"""What is wrong: found by asking the database, nothing remembered here."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Min, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from jobs import limits, registry, stats, workers
from jobs.models import BackgroundJob, JobQueue

MOST = 200
"""Things of one kind that are told apart; a flood beyond that says nothing more."""
_LOOK_BACK = datetime.timedelta(days=1)
_ENDED_WITH_ANOTHER = ("dependency_failed", "dependency_cancelled")


@dataclass(frozen=True)
class Wrong:
    """A thing that is wrong. `lasting`: seconds it must be so before anybody is told."""

    kind: str
    thing: str
    text: str
    lasting: float = 0.0

    @property
    def key(self) -> str:
        """What it is known by."""
        return f"{self.kind}:{self.thing}"


def found(known_failures: Iterable[uuid.UUID]) -> list[Wrong]:
    """Return all that is wrong now; of failures the new ones and those known that are so still."""
    return [*_failed(known_failures), *_stuck(), *_no_worker(), *_old_queue()]


def _failed(known: Iterable[uuid.UUID]) -> Iterable[Wrong]:
    failed = BackgroundJob.objects.filter(status="failed", job_type__in=registry.watched_types())
    failed = failed.exclude(error_data__code__in=_ENDED_WITH_ANOTHER)
    new = failed.filter(completed_at__gt=timezone.now() - _LOOK_BACK).order_by("-completed_at")[:MOST]
    for job in {job.pk: job for job in [*new, *failed.filter(pk__in=list(known))]}.values():
        why = (job.error_data or {}).get("message", "")
        yield Wrong("failed", str(job.pk), f"{registry.label(job.job_type)} failed for good: {why} ({job.pk})")


def _stuck() -> Iterable[Wrong]:
    for job in stats.stuck(timezone.now()).order_by("created_at")[:MOST]:
        yield Wrong("stuck", str(job.pk), f"{registry.label(job.job_type)} is stuck, {job.status} ({job.pk})")


def _no_worker() -> Iterable[Wrong]:
    if not workers.alive():
        yield Wrong(
            "no_worker", "", "No worker is alive: nothing is being done.", lasting=settings.ALERT_WORKER_SECONDS
        )


def _old_queue() -> Iterable[Wrong]:
    oldest = _that_could_start().aggregate(oldest=Min("run_at"))["oldest"]
    if oldest and (age := (timezone.now() - oldest).total_seconds()) > settings.ALERT_QUEUE_SECONDS:
        yield Wrong("queue", "", f"The oldest job that could start has waited for {age:.0f} s.")


def _that_could_start() -> QuerySet[JobQueue]:
    """Return what is due and not held up by somebody's own decision: a pause, or a cap set by hand. Caps that follow
    from the number of workers count: what waits for those waits for more workers."""
    held = limits.read()
    capped = {name for name, limit in held.types.items() if limit.most and held.running_types[name] >= limit.most}
    due = JobQueue.objects.filter(token=None, run_at__lte=Now())
    return due.exclude(job_type__in=held.paused_types() | capped).exclude(company_id__in=held.closed_companies())
