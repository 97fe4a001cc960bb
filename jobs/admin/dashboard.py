"""The first page of the desk: how it stands now, how it went, what happens by itself."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from jobs import history, registry
from jobs.admin import alarms, chart, now, schedule, signs
from jobs.admin.spans import SPANS
from jobs.alerts import channels
from jobs.history import Hour
from jobs.lengths import clock

_LOOK = ("completed", "failed", "cancelled")


@dataclass(frozen=True)
class Kind:
    """How a kind of work went: seconds as words, the share of failures in percent."""

    job_type: str
    label: str
    average: str
    longest: str
    completed: int
    failed: int
    rate: float
    lines: list[str]
    address: str
    """Its jobs."""
    ended: str
    """Those of them that ended in the time looked at."""


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fill the admin's first page; unfold calls it."""
    if not request.user.has_perm("jobs.view_backgroundjob"):
        return context
    span = SPANS.get(request.GET.get("span", ""), SPANS["day"])
    starts = span.starts()
    hours = history.since(starts[0])
    completed, failed = sum(hour.completed for hour in hours), sum(hour.failed for hour in hours)
    jobs = reverse("admin:jobs_backgroundjob_changelist")
    context.update(
        title=_("Desk"),
        figures=now.figures(),
        signs=signs.of_now(),
        alarms=alarms.open_ones(),
        channels=channels.configured(),
        jobs_url=jobs,
        ended_url=f"{jobs}?ended={span.name}",
        workers_url=reverse("admin:jobs_worker_changelist"),
        span=span,
        spans=SPANS.values(),
        bars=chart.bars(_slots(hours, starts), span.form, look=_look_words()),
        looks=_LOOK,
        kinds=[
            _kind(job_type, of_kind, starts, jobs, span.name) for job_type, of_kind in sorted(_by_type(hours).items())
        ],
        completed=completed,
        failed=failed,
        cancelled=sum(hour.cancelled for hour in hours),
        rate=_rate(completed, failed),
        throughput=_number(completed / (span.length.total_seconds() / 3600)),
        schedules=schedule.lines(),
    )
    return context


def _look_words() -> dict[str, str]:
    words = (_("done"), _("failed"), _("cancelled"))
    return dict(zip(_LOOK, words, strict=True))


def _by_type(hours: Sequence[Hour]) -> dict[str, list[Hour]]:
    found: dict[str, list[Hour]] = defaultdict(list)
    for hour in hours:
        found[hour.job_type].append(hour)
    return found


def _slot_of(hour: Hour, starts: Sequence[datetime.datetime]) -> int:
    length = starts[1] - starts[0]
    return min(len(starts) - 1, max(0, (hour.began_at - starts[0]) // length))


def _slots(
    hours: Sequence[Hour], starts: Sequence[datetime.datetime]
) -> list[tuple[datetime.datetime, dict[str, int]]]:
    slots = [(start, dict.fromkeys(_LOOK, 0)) for start in starts]
    for hour in hours:
        numbers = slots[_slot_of(hour, starts)][1]
        for name in _LOOK:
            numbers[name] += getattr(hour, name)
    return slots


def _kind(job_type: str, hours: Sequence[Hour], starts: Sequence[datetime.datetime], jobs: str, span: str) -> Kind:
    seconds, counts = [0.0] * len(starts), [0] * len(starts)
    for hour in hours:
        seconds[_slot_of(hour, starts)] += hour.seconds
        counts[_slot_of(hour, starts)] += hour.completed
    completed, failed = sum(counts), sum(hour.failed for hour in hours)
    return Kind(
        job_type,
        registry.label(job_type),
        _duration(sum(seconds) / completed) if completed else "",
        _duration(max(hour.longest for hour in hours)) if completed else "",
        completed,
        failed,
        _rate(completed, failed),
        chart.line([total / count if count else None for total, count in zip(seconds, counts, strict=True)]),
        f"{jobs}?type={job_type}",
        f"{jobs}?type={job_type}&ended={span}",
    )


def _rate(completed: int, failed: int) -> float:
    return round(100 * failed / (completed + failed), 1) if completed + failed else 0.0


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 60 else clock(seconds)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
