"""What ended hour by hour: counted already, or counted now for the hours that are still open."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, Max, Q, Sum, fields
from django.db.models.functions import TruncHour

from jobs.models import BackgroundJob, JobHour


@dataclass(frozen=True)
class Hour:
    """The jobs of a type that ended in an hour; see `JobHour`."""

    began_at: datetime.datetime
    job_type: str
    completed: int
    failed: int
    cancelled: int
    seconds: float
    longest: float


def since(start: datetime.datetime) -> list[Hour]:
    """Return the hours from `start` on, by type. The last counted one was open then: it is counted anew."""
    last = JobHour.objects.filter(began_at__gte=start).aggregate(last=Max("began_at"))["last"]
    counted = JobHour.objects.filter(began_at__gte=start, began_at__lt=last) if last else JobHour.objects.none()
    names = ("began_at", "job_type", "completed", "failed", "cancelled", "seconds", "longest")
    return [Hour(**row) for row in counted.values(*names)] + _open(last or start)


def _open(start: datetime.datetime) -> list[Hour]:
    took = ExpressionWrapper(F("completed_at") - F("started_at"), output_field=fields.DurationField())
    done = Q(status="completed")
    ended: Any = (
        BackgroundJob.objects.filter(completed_at__gte=start)
        .order_by()
        .annotate(began_at=TruncHour("completed_at", tzinfo=datetime.UTC))
        .values("began_at", "job_type")
        .annotate(
            completed=Count("pk", filter=done),
            failed=Count("pk", filter=Q(status="failed")),
            cancelled=Count("pk", filter=Q(status="cancelled")),
            seconds=Sum(took, filter=done),
            longest=Max(took, filter=done),
        )
    )
    return [Hour(**{**row, "seconds": _seconds(row["seconds"]), "longest": _seconds(row["longest"])}) for row in ended]


def _seconds(value: datetime.timedelta | None) -> float:
    return value.total_seconds() if value else 0.0
