"""What a person is told about a job: its state as one of five, a word for it, and one sentence. Pure functions."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs import phrases, registry, time_left
from jobs.models import BackgroundJob

Held = Callable[[BackgroundJob], str]
"""Says what holds a due job up, such as `jobs.limits.Lookup.reason`; empty when nothing does."""
BLOCKED = ("dependency_failed", "dependency_cancelled")
"""Codes of jobs that never began because the one they wait for did not end well."""


class State(StrEnum):
    """The states a page knows; each is also the class of its badge."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    NEEDS_YOU = "needs-you"
    """It failed for what it was given: only a person can mend that."""
    FAILED = "failed"
    """It failed, and another try may help."""
    CANCELLED = "cancelled"


_STATES = {
    BackgroundJob.Status.PENDING: State.WAITING,
    BackgroundJob.Status.PROCESSING: State.WORKING,
    BackgroundJob.Status.COMPLETED: State.READY,
    BackgroundJob.Status.FAILED: State.FAILED,
    BackgroundJob.Status.CANCELLED: State.CANCELLED,
}


def error_code(job: BackgroundJob) -> str:
    """Return the code of what went wrong last, empty when nothing did."""
    return str((job.error_data or {}).get("code", ""))


def is_blocked(job: BackgroundJob) -> bool:
    """Return whether the job is over without having begun, because of the one it waits for."""
    return job.is_final and error_code(job) in BLOCKED


def state(job: BackgroundJob) -> State:
    """Return where the job stands. One that is blocked has not failed itself: it waits."""
    if is_blocked(job):
        return State.WAITING
    return State.NEEDS_YOU if instead(job) else _STATES[BackgroundJob.Status(job.status)]


def instead(job: BackgroundJob) -> str:
    """Return what a person does instead of trying again, when a job failed for what it was given; empty otherwise."""
    return registry.instead(job.job_type, error_code(job)) if job.status == BackgroundJob.Status.FAILED else ""


def may_retry(job: BackgroundJob) -> bool:
    """Return whether a person is offered another try: of what failed or was cancelled itself, where it may help.

    The verb `queue.retry` asks for less: an operator may know better.
    """
    return state(job) in (State.FAILED, State.CANCELLED)


def percent(job: BackgroundJob) -> int | None:
    """Return how much of the job is done, None while it runs and nobody has measured it."""
    return job.progress_percentage if state(job) is not State.WORKING or job.progress_percentage else None


def word(job: BackgroundJob) -> str:
    """Return the one word of the badge; of a running job the percent, when it was measured."""
    if job.cancel_requested_at and not job.is_final:
        return _("stopping")
    if state(job) is State.WORKING and job.progress_percentage:
        return f"{job.progress_percentage} %"
    return {
        State.WAITING: _("not started") if is_blocked(job) else _("waiting"),
        State.WORKING: _("working"),
        State.READY: _("done"),
        State.NEEDS_YOU: ngettext("needs you", "need you", 1),
        State.FAILED: _("failed"),
        State.CANCELLED: _("cancelled"),
    }[state(job)]


def nothing(_job: BackgroundJob) -> str:
    """Say that nothing holds a job up."""
    return ""


def sentence(
    job: BackgroundJob, *, now: datetime.datetime, place: int | None = None, held: Held = nothing, by: str = ""
) -> str:
    """Say where the job is and why. `place` counts from 1 within those that are due; `held` says what holds it up, `by`
    who cancelled it."""
    if job.cancel_requested_at and not job.is_final:
        return _("asked to stop")
    match state(job):
        case State.WAITING:
            return _blocked(job) if job.is_final else _waiting(job, now, place, held)
        case State.WORKING:
            message = phrases.said(job.progress_message)
            if message == registry.label(job.job_type):  # it stands beside it already
                return _("going on")
            return message or _("just begun")
        case State.FAILED | State.NEEDS_YOU:
            return _reason(job) or _("It ended without a reason.")
        case State.CANCELLED if by:
            return _("cancelled by %(who)s, nothing more happens to it") % {"who": by}
        case State.CANCELLED:
            return _("cancelled, nothing more happens to it")
        case _:
            return took(job)


def _reason(job: BackgroundJob) -> str:
    return phrases.said(str((job.error_data or {}).get("message", "")))


def took(job: BackgroundJob) -> str:
    """Say how long the last attempt of a completed job took."""
    if not job.started_at or not job.completed_at:
        return _("done")
    seconds = (job.completed_at - job.started_at).total_seconds()
    return _("done in %(time)s") % {"time": time_left.rounded(max(1.0, seconds))}


def _blocked(job: BackgroundJob) -> str:
    if job.depends_on is None:
        return _("never began")
    label = registry.label(job.depends_on.job_type)
    if error_code(job) == "dependency_cancelled":
        return _("needs “%(part)s”, which was cancelled") % {"part": label}
    return _("needs “%(part)s”, which failed") % {"part": label}


def _waiting(job: BackgroundJob, now: datetime.datetime, place: int | None, held: Held) -> str:
    if job.depends_on and job.depends_on.status != BackgroundJob.Status.COMPLETED:
        return _("waits for “%(part)s”") % {"part": registry.label(job.depends_on.job_type)}
    if (job.error_data or {}).get("more_later"):
        return _reason(job)
    if job.next_retry_at:
        return _next_try(job, job.next_retry_at, now)
    if told := held(job):
        return told
    if place is None:
        return _("waits for its turn")
    if place == 1:
        return _("next in line")
    return ngettext("%(count)d before it in line", "%(count)d before it in line", place - 1) % {"count": place - 1}


def _next_try(job: BackgroundJob, at: datetime.datetime, now: datetime.datetime) -> str:
    reason = _reason(job).rstrip(".")
    when = time_left.rounded(max(1.0, (at - now).total_seconds()))
    told = _("tries again in %(time)s") % {"time": when}
    return f"{told}: {reason}" if reason else told
