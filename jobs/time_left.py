"""How long a running job will still take, said as carefully as it is known."""

from __future__ import annotations

import datetime
import math

from django.utils.translation import gettext as _

from jobs.models import BackgroundJob

SHOWN_FROM_PERCENT = 8
SHOWN_FROM_SECONDS = 4.0
"""Before that the first steps say nothing about the rest."""

SOONER, LATER = 0.8, 1.4
"""The true end lies between these multiples of a straight line; work gets slower more often than faster."""


def seconds(job: BackgroundJob, now: datetime.datetime) -> tuple[float, float] | None:
    """Return the least and the most seconds left, None while nobody can know."""
    if job.status != BackgroundJob.Status.PROCESSING or not job.started_at or job.retry_count:
        return None  # a second attempt begins somewhere in the middle
    elapsed, percent = (now - job.started_at).total_seconds(), job.progress_percentage
    if percent < SHOWN_FROM_PERCENT or elapsed < SHOWN_FROM_SECONDS:
        return None
    straight = elapsed * (100 - percent) / percent
    return straight * SOONER, straight * LATER


def words(job: BackgroundJob, now: datetime.datetime) -> str:
    """Say the time left as a range, empty while nobody can know."""
    span = seconds(job, now)
    if span is None:
        return ""
    least, most = rounded(span[0]), rounded(span[1])
    if least == most:
        return _("about %(time)s left") % {"time": most}
    number, _space, unit = least.rpartition(" ")
    if most.endswith(f" {unit}"):
        least = number
    return _("%(least)s to %(most)s left") % {"least": least, "most": most}


def rounded(value: float) -> str:
    """Return seconds as people say them: "5 s", "40 s", "3 min", "2 h"."""
    if value < 10:
        return _("%(count)d s") % {"count": max(1, round(value))}
    if value < 55:
        return _("%(count)d s") % {"count": math.ceil(value / 5) * 5}
    if value < 55 * 60:
        return _("%(count)d min") % {"count": max(1, round(value / 60))}
    return _("%(count)d h") % {"count": max(1, round(value / 3600))}
