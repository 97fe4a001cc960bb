"""What the activity page shows of a company's jobs."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Min, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs import happened, headings, limits, pace, registry, telling, time_left
from jobs.happened import Log, Trouble
from jobs.headings import Heading
from jobs.models import BackgroundJob, JobQueue
from jobs.pace import NOTHING, Past
from jobs.telling import Held, State

if TYPE_CHECKING:
    from trainai.accounts.models import User

Status = BackgroundJob.Status
ROWS = 100
"""Lines of a page that shows one choice."""
A_GROUP = 25
"""Lines under each heading of the page that shows everything: a long line hides nothing that needs somebody."""
BRIEF = 6
"""Lines in the header's menu."""
IN_LINE = 500
"""So far down the line a place is counted; farther back it is only "waits for its turn"."""


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


_HEADINGS: dict[Shown, tuple[Heading, ...]] = {
    Shown.NEEDS_YOU: (Heading.NEEDS_YOU,),
    Shown.WORKING: (Heading.WORKING,),
    Shown.WAITING: (Heading.WAITING,),
    Shown.DONE: (Heading.TODAY, Heading.BEFORE),
    Shown.FAILED: (Heading.NEEDS_YOU, Heading.FAILED),
    Shown.NOT_STARTED: (Heading.NOT_STARTED,),
    Shown.CANCELLED: (Heading.CANCELLED,),
}


@dataclass(frozen=True)
class Filter:
    """A link above the list."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Group:
    """Rows under one heading; `key` names the heading to the page's script. `rest` is the choice that lists those that
    had no room, empty when all are here."""

    key: str
    label: str
    rows: list[Row]
    rest: str = ""


@dataclass(frozen=True)
class Page:
    """A page of the list; as `templates/_pages.html` knows pages, but nobody counts how many there are."""

    groups: list[Group]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


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
    percent: int | None
    """Done so far, None while nobody has measured it."""
    trouble: Trouble | None
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
        done_today=headings.under(Heading.TODAY, visible, now).count(),
        **counts(user),
    )


def counts(user: User) -> dict[str, int]:
    """Return what the header of every page says: how many work, how many wait, how many need somebody."""
    visible = BackgroundJob.objects.visible_to(user).order_by()
    unfinished = visible.unfinished().aggregate(
        working=Count("id", filter=Q(status=Status.PROCESSING)),
        waiting=Count("id", filter=Q(status=Status.PENDING)),
    )
    return {**unfinished, "needs_you": headings.under(Heading.NEEDS_YOU, visible, timezone.now()).count()}


def page(user: User, shown: Shown, number: int = 1) -> Page:
    """Return what the page lists: of everything the first of each heading, of one choice `ROWS` a page."""
    if shown is Shown.ALL:
        lists = {heading: _cut(user, (heading,), 0, A_GROUP) for heading in Heading}
        rest = {heading for heading, (_jobs, is_more) in lists.items() if is_more}
        return Page(groups(_rows([job for some, _more in lists.values() for job in some]), rest), 1, has_next=False)
    jobs, is_more = _cut(user, _HEADINGS[shown], (number - 1) * ROWS, ROWS)
    return Page(groups(_rows(jobs)), number, is_more)


def groups(listed: Iterable[Row], rest: Collection[Heading] = ()) -> list[Group]:
    """Return the rows under their headings, in the order in which a person cares; no heading stands alone. Of those in
    `rest` there are more than `listed`."""
    found: dict[Heading, list[Row]] = {heading: [] for heading in Heading}
    now = timezone.now()
    for each in listed:
        found[headings.of(each.job, now)].append(each)
    return [
        Group(heading, heading.label, some, _choice(heading) if heading in rest else "")
        for heading, some in found.items()
        if some
    ]


def _choice(heading: Heading) -> Shown:
    return next(shown for shown, under in _HEADINGS.items() if heading in under)


def brief(user: User) -> list[Row]:
    """Return the few lines of the header's menu: what needs somebody, then what is worked on, then what waits."""
    first = (Heading.NEEDS_YOU, Heading.WORKING, Heading.WAITING)
    return _rows([job for heading in first for job in _cut(user, (heading,), 0, BRIEF)[0]][:BRIEF])


def rows(user: User, shown: Shown) -> list[Row]:
    """Return what the first page of a choice lists."""
    return [row for group in page(user, shown).groups for row in group.rows]


def _cut(user: User, under: tuple[Heading, ...], start: int, most: int) -> tuple[list[BackgroundJob], bool]:
    """Return some jobs under these headings, what is over by its end, and whether there are more."""
    now = timezone.now()
    visible = BackgroundJob.objects.visible_to(user).select_related("depends_on", "training", "user", "queue_row")
    found = list(headings.under_any(under, visible, now)[start : start + most + 1])
    cut = found[:most]
    if under[0].is_over:
        cut.sort(key=lambda job: job.completed_at or now, reverse=True)
    return cut, len(found) > most


def _rows(jobs: list[BackgroundJob]) -> list[Row]:
    now = timezone.now()
    places = _places(jobs) if any(job.status == Status.PENDING for job in jobs) else {}
    past, held, log = pace.Past(), limits.Lookup(), happened.Log(jobs)
    return [row(job, places.get(job.pk), now, past, held.reason, log) for job in jobs]


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
    job: BackgroundJob,
    place: int | None,
    now: datetime.datetime,
    past: Past = NOTHING,
    held: Held = telling.nothing,
    log: Log = happened.NOTHING,
) -> Row:
    """Return a job as a row; `place` counts from 1 within those that are due."""
    state = telling.state(job)
    return Row(
        job=job,
        label=registry.label(job.job_type),
        state=state,
        word=telling.word(job),
        sentence=telling.sentence(job, now=now, place=place, held=held, by=log.cancelled_by(job)),
        left=time_left.words(job, now, past),
        tries=f"{job.retry_count + 1} / {job.max_retries + 1}" if job.started_at else "",
        percent=telling.percent(job),
        trouble=log.trouble(job, now, held),
        may_cancel=not job.is_final and job.cancel_requested_at is None,
        may_retry=telling.may_retry(job),
        instead=telling.instead(job),
    )
