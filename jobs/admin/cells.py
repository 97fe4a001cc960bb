"""The cells of a line. The same markup goes into the whole page and to a page that is already open."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jobs import pace, registry, time_left
from jobs.admin import state
from jobs.lengths import clock, words
from jobs.models import BackgroundJob

Cell = Callable[[BackgroundJob], SafeString | str]


def badge(job: BackgroundJob) -> SafeString:
    """Icon, word and colour."""
    known = state.of(job)
    return format_html('<span class="badge {}">{}</span>', known.look, known.word)


def work(job: BackgroundJob) -> SafeString:
    """What is done, and why it stands where it stands."""
    why = state.of(job).why
    return format_html(
        '<a class="desk-strong" href="{}">{}</a><span class="desk-under"{} title="{}">{}</span>',
        reverse("admin:jobs_backgroundjob_change", args=[job.pk]),
        registry.label(job.job_type),
        # It moves up while nothing happens to itself: an open page asks for it again.
        SafeString("" if getattr(job, "ahead", None) is None else " data-in-line"),
        why,
        why,
    )


def whose(job: BackgroundJob) -> SafeString:
    """The training and the company, each a link."""
    company = format_html(
        '<a class="desk-under" href="{}">{}</a>',
        reverse("admin:accounts_company_change", args=[job.company_id]),
        job.company,
    )
    if job.training is None:
        return format_html('<span class="desk-quiet">{}</span>{}', _("no training"), company)
    address = reverse("admin:trainings_training_change", args=[job.training_id])
    return format_html(
        '<a class="desk-title" href="{}" title="{}">{}</a>{}', address, job.training, job.training, company
    )


def progress(job: BackgroundJob) -> SafeString | str:
    """The bar, its number once something was measured, and how long it will still take when that is known."""
    if job.status == BackgroundJob.Status.PENDING or (not job.progress_percentage and job.is_final):
        return ""
    return format_html(
        '<span class="desk-progress"><progress class="lane {}" max="100"{} aria-label="{}"></progress>{}</span>{}',
        state.of(job).look,
        format_html(' value="{}"', job.progress_percentage) if job.progress_percentage else "",
        _("progress"),
        format_html("<span>{} %</span>", job.progress_percentage) if job.progress_percentage else "",
        _left(job),
    )


def _left(job: BackgroundJob) -> SafeString | str:
    if state.of(job).look == "stuck":
        return ""  # it will take for ever
    told = time_left.words(job, timezone.now(), getattr(job, "past", pace.NOTHING))
    return format_html('<span class="desk-under">{}</span>', told) if told else ""


def age(job: BackgroundJob) -> SafeString:
    """How long ago it was made."""
    return _clock(job.created_at, None, coarse=True)


def running(job: BackgroundJob) -> SafeString | str:
    """How long its latest attempt has been running, or took."""
    if job.started_at is None or job.status == BackgroundJob.Status.PENDING:
        return ""
    end = job.completed_at if job.is_final else None
    return _clock(job.started_at, end, coarse=False)


def tries(job: BackgroundJob) -> SafeString | str:
    """How often a worker took it, the retries it used of those it has, and who took it last."""
    attempt = getattr(job, "latest_attempt", None)
    if attempt is None:
        return ""
    return format_html(
        '{}<span class="desk-quiet"> · {}</span><span class="desk-under desk-mono">{}</span>',
        attempt.number,
        _("%(used)d of %(most)d retries") % {"used": job.retry_count, "most": job.max_retries},
        attempt.worker,
    )


def cost(job: BackgroundJob) -> SafeString | str:
    """What its calls to services cost so far, the open ones at most."""
    told = getattr(job, "cost", "")
    return format_html('<span class="desk-mono">{}</span>', told) if told else ""


CELLS: dict[str, Cell] = {
    "state": badge,
    "work": work,
    "whose": whose,
    "progress": progress,
    "age": age,
    "running": running,
    "tries": tries,
    "cost": cost,
}


def live(job: BackgroundJob, name: str) -> SafeString:
    """Return a cell that an open page can find again."""
    return format_html(
        '<div data-job="{}" data-version="{}" data-cell="{}">{}</div>', job.pk, job.version, name, CELLS[name](job)
    )


def everything(job: BackgroundJob) -> dict[str, str]:
    """Return every cell of a line."""
    return {name: str(cell(job)) for name, cell in CELLS.items()}


def _clock(since: datetime.datetime, until: datetime.datetime | None, *, coarse: bool) -> SafeString:
    """A time that the page counts on by itself while it has no end."""
    now = datetime.datetime.now(datetime.UTC)
    seconds = max(0, int(((until or now) - since).total_seconds()))
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        since.isoformat(),
        f"{since:%Y-%m-%d %H:%M:%S} UTC",
        "" if until else SafeString(f' data-since="{"coarse" if coarse else "fine"}"'),
        words(seconds) if coarse else clock(seconds),
    )
