"""What ended hour by hour: kept for the desk's charts when the jobs themselves are long deleted."""

from __future__ import annotations

import datetime

from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone

from jobs import queries
from jobs.models import JobHour

KEPT = datetime.timedelta(days=400)
_FIRST_LOOK_BACK = datetime.timedelta(days=31)
"""The jobs themselves are kept for 30 days where `KEEP_JOBS_DAYS` says nothing else."""


def record() -> int:
    """Count the hours since the last count, that hour included; return how many rows were written."""
    last = JobHour.objects.aggregate(last=Max("began_at"))["last"]
    since = last or timezone.now() - _FIRST_LOOK_BACK
    written = len(queries.run("hours", {"since": since}))
    JobHour.objects.filter(began_at__lt=Now() - KEPT).delete()
    return written
