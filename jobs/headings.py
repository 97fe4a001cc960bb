"""The headings of the activity page, and which jobs belong under each: every job under exactly one."""

from __future__ import annotations

import datetime
import functools
import operator
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs import telling
from jobs.models import BackgroundJob

if TYPE_CHECKING:
    from jobs.querysets import JobQuerySet

Status = BackgroundJob.Status
NEEDED_FOR = datetime.timedelta(days=14)
"""How long a failed job is shown as one that needs somebody."""
BLOCKED = Q(error_data__isnull=False, error_data__code__in=telling.BLOCKED)
"""As `telling.is_blocked`, of jobs that are over."""


class Heading(StrEnum):
    """In the order in which a person cares."""

    NEEDS_YOU = "needs-you"
    WORKING = "working"
    WAITING = "waiting"
    TODAY = "today"
    FAILED = "failed"
    NOT_STARTED = "not-started"
    CANCELLED = "cancelled"
    BEFORE = "before"

    @property
    def label(self) -> str:
        return {
            Heading.NEEDS_YOU: _("Needs you"),
            Heading.WORKING: _("Working"),
            Heading.WAITING: _("Waiting"),
            Heading.TODAY: _("Done today"),
            Heading.FAILED: _("Failed"),
            Heading.NOT_STARTED: _("Not started"),
            Heading.CANCELLED: _("Cancelled"),
            Heading.BEFORE: _("Done before"),
        }[self]

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself to what stands under it."""
        return self not in (Heading.WORKING, Heading.WAITING)


def of(job: BackgroundJob, now: datetime.datetime) -> Heading:
    """Return the heading a job belongs under."""
    ended = job.completed_at or now
    if telling.is_blocked(job):
        return Heading.NOT_STARTED
    match job.status:
        case Status.PROCESSING:
            return Heading.WORKING
        case Status.PENDING:
            return Heading.WAITING
        case Status.COMPLETED:
            return Heading.TODAY if ended >= midnight() else Heading.BEFORE
        case Status.CANCELLED:
            return Heading.CANCELLED
        case _:
            return Heading.FAILED if ended < now - NEEDED_FOR else Heading.NEEDS_YOU


def under(heading: Heading, visible: JobQuerySet, now: datetime.datetime) -> JobQuerySet:
    """Return the jobs under a heading: what is not over in its order, what is over the newest first."""
    order = ("-created_at", "-id") if heading.is_over else ("created_at", "id")
    return _belonging(heading, visible, now).order_by(*order)


def under_any(headings: tuple[Heading, ...], visible: JobQuerySet, now: datetime.datetime) -> JobQuerySet:
    """Return the jobs under these headings as one list."""
    return functools.reduce(operator.or_, (under(heading, visible, now) for heading in headings))


def _belonging(heading: Heading, visible: JobQuerySet, now: datetime.datetime) -> JobQuerySet:
    match heading:
        case Heading.NEEDS_YOU:
            return visible.failed().filter(completed_at__gte=now - NEEDED_FOR).exclude(BLOCKED)
        case Heading.WORKING:
            return visible.unfinished().filter(status=Status.PROCESSING)
        case Heading.WAITING:
            return visible.unfinished().filter(status=Status.PENDING)
        case Heading.TODAY:
            return visible.filter(status=Status.COMPLETED, completed_at__gte=midnight())
        case Heading.FAILED:
            return visible.failed().filter(completed_at__lt=now - NEEDED_FOR).exclude(BLOCKED)
        case Heading.NOT_STARTED:
            return (visible.failed() | visible.cancelled()).filter(BLOCKED)
        case Heading.CANCELLED:
            return visible.cancelled().exclude(BLOCKED)
        case Heading.BEFORE:
            return visible.filter(status=Status.COMPLETED, completed_at__lt=midnight())


def midnight() -> datetime.datetime:
    """Return when today began."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
