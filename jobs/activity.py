"""What the activity page shows of a company's jobs."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs import limits, pace, registry, telling, time_left
from jobs.models import BackgroundJob, JobQueue
from jobs.pace import NOTHING, Past
from jobs.telling import Held, State

if TYPE_CHECKING:
    from jobs.querysets import JobQuerySet
    from trainai.accounts.models import User

Status = BackgroundJob.Status
ROWS = 100
BRIEF = 6
"""Lines in the header's menu."""
IN_LINE = 500
"""So far down the line a place is counted; farther back it is only "waits for its turn"."""
NEEDED_FOR = datetime.timedelta(days=14)
"""How long a failed job is shown as one that needs somebody."""
BLOCKED = Q(error_data__isnull=False, error_data__code__in=telling.BLOCKED)
"""As `telling.is_blocked`, of jobs that are over."""


class Shown(StrEnum):
    """Which jobs the page lists."""

    ALL = ""
    NEEDS_YOU = "needs-you"
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    NOT_STARTED = "not-started"
    CANCELLED = "cancelled"

    @classmethod
    def of(cls, value: str) -> Shown:
        """Return the choice an address names; everything when it names none."""
        return cls(value) if value in [choice.value for choice in cls] else cls.ALL


@dataclass(frozen=True)
class Filter:
    """A link above the list."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Group:
    """Rows under one heading; `key` names the heading to the page's script."""

    key: str
    label: str
    rows: list[Row]


@dataclass(frozen=True)
class Figures:
    """The numbers on top. `oldest` says how long the longest has waited, empty when none does."""

    working: int
    waiting: int
    oldest: str
    needs_you: int
    done_today: int


@dataclass(frozen=True)
class Row:
    """A job in the list."""

    job: BackgroundJob
    label: str
    state: State
    word: str
    sentence: str
    left: str
    tries: str
    may_cancel: bool
    may_retry: bool
    instead: str


def filters(shown: Shown) -> list[Filter]:
    """Return the links above the list."""
    labels = {
        Shown.ALL: _("Everything"),
        Shown.NEEDS_YOU: _("Needs you"),
        Shown.WORKING: _("Working"),
        Shown.WAITING: _("Waiting"),
        Shown.DONE: _("Done"),
        Shown.FAILED: _("Failed"),
        Shown.NOT_STARTED: _("Not started"),
        Shown.CANCELLED: _("Cancelled"),
    }
    return [Filter(choice.value, label, choice == shown) for choice, label in labels.items()]


def figures(user: User) -> Figures:
    """Count the company's jobs, those that are over only as far back as they are shown."""
    now = timezone.now()
    visible = BackgroundJob.objects.visible_to(user).order_by()
    oldest = visible.waiting().aggregate(oldest=Min("created_at"))["oldest"]
    return Figures(
        oldest=time_left.rounded((now - oldest).total_seconds()) if oldest else "",
        done_today=visible.filter(status=Status.COMPLETED, completed_at__gte=_midnight()).count(),
        **counts(user),
    )


def counts(user: User) -> dict[str, int]:
    """Return what the header of every page says: how many work, how many wait, how many need somebody."""
    visible = BackgroundJob.objects.visible_to(user).order_by()
    unfinished = visible.unfinished().aggregate(
        working=Count("id", filter=Q(status=Status.PROCESSING)),
        waiting=Count("id", filter=Q(status=Status.PENDING)),
    )
    return {**unfinished, "needs_you": _needing(visible, timezone.now()).count()}


def groups(listed: Iterable[Row]) -> list[Group]:
    """Return the rows under their headings, in the order in which a person cares; no heading stands alone."""
    labels = {
        "needs-you": _("Needs you"),
        "working": _("Working"),
        "waiting": _("Waiting"),
        "today": _("Done today"),
        "failed": _("Failed"),
        "not-started": _("Not started"),
        "cancelled": _("Cancelled"),
        "before": _("Done before"),
    }
    found: dict[str, list[Row]] = {key: [] for key in labels}
    now, midnight = timezone.now(), _midnight()
    for each in listed:
        found[_group(each.job, now, midnight)].append(each)
    return [Group(key, labels[key], some) for key, some in found.items() if some]


def _group(job: BackgroundJob, now: datetime.datetime, midnight: datetime.datetime) -> str:
    ended = job.completed_at or now
    if telling.is_blocked(job):
        return "not-started"
    match job.status:
        case Status.PROCESSING:
            return "working"
        case Status.PENDING:
            return "waiting"
        case Status.COMPLETED:
            return "today" if ended >= midnight else "before"
        case Status.CANCELLED:
            return "cancelled"
        case _:
            return "failed" if ended < now - NEEDED_FOR else "needs-you"


def brief(user: User) -> list[Row]:
    """Return the few lines of the header's menu: what needs somebody, then what is worked on, then what waits."""
    needing = list(rows(user, Shown.NEEDS_YOU, limit=BRIEF))
    return (needing + rows(user, Shown.WORKING, limit=BRIEF) + rows(user, Shown.WAITING, limit=BRIEF))[:BRIEF]


def rows(user: User, shown: Shown, *, limit: int = ROWS) -> list[Row]:
    """Return the jobs the page lists: what works first, then what waits, then what ended last."""
    now = timezone.now()
    visible = BackgroundJob.objects.visible_to(user).select_related("depends_on", "training", "user")
    found = list(_unfinished(visible, shown)) + list(_finished(visible, shown, now))
    places = _places(found) if any(job.status == Status.PENDING for job in found) else {}
    past, held = pace.Past(), limits.Lookup()
    return [row(job, places.get(job.pk), now, past, held.reason) for job in found[:limit]]


def _unfinished(visible: JobQuerySet, shown: Shown) -> JobQuerySet:
    wanted = {Shown.ALL: [Status.PROCESSING, Status.PENDING], Shown.WORKING: [Status.PROCESSING]}
    wanted[Shown.WAITING] = [Status.PENDING]
    # "processing" sorts behind "pending".
    return visible.unfinished().filter(status__in=wanted.get(shown, [])).order_by("-status", "created_at")[:ROWS]


def _finished(visible: JobQuerySet, shown: Shown, now: datetime.datetime) -> list[BackgroundJob]:
    """Return the newest jobs that are over, those that ended last first."""
    final = [Status.COMPLETED, Status.FAILED, Status.CANCELLED]
    wanted: dict[Shown, Callable[[], JobQuerySet]] = {
        Shown.ALL: lambda: visible.filter(status__in=final),
        Shown.NEEDS_YOU: lambda: _needing(visible, now),
        Shown.DONE: lambda: visible.filter(status=Status.COMPLETED),
        Shown.FAILED: lambda: visible.failed().exclude(BLOCKED),
        Shown.NOT_STARTED: lambda: (visible.failed() | visible.cancelled()).filter(BLOCKED),
        Shown.CANCELLED: lambda: visible.cancelled().exclude(BLOCKED),
    }
    if shown not in wanted:
        return []
    newest = wanted[shown]().order_by("-created_at", "-id")[:ROWS]
    return sorted(newest, key=lambda job: job.completed_at or now, reverse=True)


def _needing(jobs: JobQuerySet, now: datetime.datetime) -> JobQuerySet:
    """Keep the failed jobs that need somebody; one that never began because of another does not."""
    recent = jobs.failed().filter(completed_at__gte=now - NEEDED_FOR)
    return recent.exclude(BLOCKED)


def _midnight() -> datetime.datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _places(jobs: Iterable[BackgroundJob]) -> dict[UUID | None, int]:
    """Return the place of each due job in its company's line, from 1; the order is the claim's own."""
    due = JobQueue.objects.filter(token=None, run_at__lte=Now()).order_by("priority", "run_at", "id")
    lines = [due.filter(company_id=company) for company in {job.company_id for job in jobs}]
    return {
        job: place
        for line in lines
        for place, job in enumerate(line.values_list("job_id", flat=True)[:IN_LINE], start=1)
    }


def row(
    job: BackgroundJob, place: int | None, now: datetime.datetime, past: Past = NOTHING, held: Held = telling.nothing
) -> Row:
    """Return a job as a row; `place` counts from 1 within those that are due."""
    state = telling.state(job)
    return Row(
        job=job,
        label=registry.label(job.job_type),
        state=state,
        word=telling.word(job),
        sentence=telling.sentence(job, now=now, place=place, held=held),
        left=time_left.words(job, now, past),
        tries=f"{job.retry_count + 1} / {job.max_retries + 1}" if job.started_at else "",
        may_cancel=not job.is_final and job.cancel_requested_at is None,
        may_retry=telling.may_retry(job),
        instead=telling.instead(job),
    )
