"""The states an operator knows: those of the pages, and stuck."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import ordinal
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs import limits, phrases, registry, stats, time_left
from jobs.admin import line
from jobs.models import BackgroundJob, JobQueue

Status = BackgroundJob.Status


@dataclass(frozen=True)
class State:
    """A state's word, the class of its badge, and the sentence that says why."""

    word: str
    look: str
    why: str


def of(job: BackgroundJob) -> State:
    """Return where a job stands; it was read by `rows.readable`."""
    now, place = timezone.now(), getattr(job, "queue_row", None)
    if job.status == Status.PROCESSING:
        if place and place.leased_until and place.leased_until < now - stats.SILENT_AFTER:
            return State(
                _("stuck"),
                "stuck",
                _("its worker has been silent for %(time)s") % {"time": _ago(place.leased_until, now)},
            )
        return State(_("working"), "working", _doing(job))
    if job.status == Status.PENDING:
        return _waiting(job, place, now)
    if job.status == Status.FAILED:
        return State(_("failed"), "failed", _message(job) or _("It ended without a reason."))
    if job.status == Status.CANCELLED:
        return State(_("cancelled"), "cancelled", _message(job) or _("somebody asked for it"))
    return State(_("done"), "ready", "")


def _waiting(job: BackgroundJob, place: JobQueue | None, now: datetime.datetime) -> State:
    if place is None:
        return State(_("stuck"), "stuck", _("it has lost its place in the queue; a running qcluster gives it back"))
    if place.run_at is None:
        other = registry.label(job.depends_on.job_type) if job.depends_on else _("another part")
        return State(_("waiting"), "waiting", _("waits for “%(part)s”") % {"part": other})
    if job.next_retry_at and job.next_retry_at > now:
        told = _("tries again in %(time)s") % {"time": _ago(now, job.next_retry_at)}
        return State(_("waiting"), "waiting", ": ".join(filter(None, (told, _message(job)))))
    if place.run_at > now:
        return State(_("waiting"), "waiting", _("starts in %(time)s") % {"time": _ago(now, place.run_at)})
    if held := (getattr(job, "held", None) or limits.Lookup()).reason(job):
        return State(_("waiting"), "waiting", held)
    if place.run_at < now - stats.STUCK_AFTER:
        told = _("due for %(time)s and nobody has begun it") % {"time": _ago(place.run_at, now)}
        return State(_("stuck"), "stuck", told)
    return State(_("waiting"), "waiting", _turn(getattr(job, "ahead", None)))


def _turn(ahead: int | None) -> str:
    if ahead is None:
        return _("waits for its turn")
    if ahead >= line.MOST:
        return _("waits for its turn: %(count)d and more of its company go first") % {"count": line.MOST}
    return _("waits for its turn: %(place)s in its company's line") % {"place": ordinal(ahead + 1)}


def _doing(job: BackgroundJob) -> str:
    message = phrases.said(job.progress_message)
    if message == registry.label(job.job_type):  # it stands beside it already
        return _("going on")
    return message or _("just begun")


def _message(job: BackgroundJob) -> str:
    return phrases.said(getattr(job, "error_message", "") or "")


def _ago(then: datetime.datetime, now: datetime.datetime) -> str:
    return time_left.rounded(max(1.0, (now - then).total_seconds()))
