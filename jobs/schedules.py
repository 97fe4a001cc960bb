"""What happens by itself at its time: django-q2's schedules, made once and then the operator's to change."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import Schedule, Task

from jobs import cleanup, phrases, statistics

_NIGHT = datetime.time(3, 30, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Duty:
    """A schedule as it is made on a new installation."""

    name: str
    function: str
    kind: str
    first_run: datetime.datetime
    minutes: int | None = None


def duties(now: datetime.datetime) -> list[Duty]:
    """Return what every installation does by itself."""
    tonight = datetime.datetime.combine(now.date(), _NIGHT)
    return [
        Duty(
            phrases.kept("Clean-up of old jobs"),
            "jobs.schedules.clean_up",
            Schedule.DAILY,
            tonight if tonight > now else tonight + datetime.timedelta(days=1),
        ),
        Duty(
            phrases.kept("Statistics for the charts"),
            "jobs.schedules.count_hours",
            Schedule.MINUTES,
            now + datetime.timedelta(minutes=5),
            minutes=5,
        ),
    ]


def ensure(sender: AppConfig, **_: Any) -> None:
    """Make the engine's schedules that are missing; those an operator changed stay as they are."""
    make_missing(duties(timezone.now()))


def make_missing(duties: Iterable[Duty]) -> None:
    """Make those of these schedules that are not there."""
    for duty in duties:
        if not Schedule.objects.filter(func=duty.function).exists():
            Schedule.objects.create(
                name=duty.name,
                func=duty.function,
                schedule_type=duty.kind,
                minutes=duty.minutes,
                repeats=-1,
                next_run=duty.first_run,
                # Its result is kept, and it is told when it should have begun: that is how lateness is known.
                kwargs=repr({"q_options": {"save": True}}),
                intended_date_kwarg="planned",
            )


def clean_up(planned: str = "", days: float | None = None) -> dict[str, Any]:
    """Delete what was over `KEEP_JOBS_DAYS` ago, or `days`, in small batches, the records of old schedule runs, and
    kept answers."""
    late = lateness(planned)
    age, deleted = datetime.timedelta(days=settings.KEEP_JOBS_DAYS if days is None else days), 0
    while batch := cleanup.delete_batch(age):
        deleted += batch
    Task.objects.filter(stopped__lt=Now() - age).delete()
    cleanup.forget_answers()
    return {"late": late, "deleted": deleted}


def count_hours(planned: str = "") -> dict[str, Any]:
    """Count what ended, for the charts."""
    late = lateness(planned)
    return {"late": late, "hours": statistics.record()}


def lateness(planned: str) -> float | None:
    """Return the seconds between the planned time and now, None when nobody told."""
    if not planned:
        return None
    return round((timezone.now() - datetime.datetime.fromisoformat(planned)).total_seconds(), 3)
