"""One job's life, as its page tells it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Avg, ExpressionWrapper, F, QuerySet, fields
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from jobs import pace, phrases, registry, time_left
from jobs.admin import masking, rows, state
from jobs.lengths import clock
from jobs.models import BackgroundJob, JobAttempt, JobStep

Outcome = JobAttempt.Outcome
_ENDS = {
    "": (_lazy("running"), "working"),
    Outcome.COMPLETED: (_lazy("done"), "ready"),
    Outcome.FAILED: (_lazy("failed"), "failed"),
    Outcome.CANCELLED: (_lazy("cancelled"), "cancelled"),
    Outcome.HANDED_BACK: (_lazy("handed back: its worker was told to stop"), "waiting"),
    Outcome.LOST: (_lazy("lost: its worker died or fell silent"), "failed"),
}
_MOST = 100
_USUAL_OF = 50


@dataclass(frozen=True)
class Attempt:
    """One run by a worker."""

    number: int
    worker: str
    began: datetime.datetime
    ended: datetime.datetime | None
    took: str
    word: str
    look: str
    progress: int | None
    error: dict[str, Any] | None
    detail: str


@dataclass(frozen=True)
class Step:
    """A finished step, which no later attempt repeats."""

    name: str
    took: str
    finished: datetime.datetime
    result: str


@dataclass(frozen=True)
class Neighbour:
    """A job before or after this one."""

    job: BackgroundJob
    label: str
    state: state.State


@dataclass(frozen=True)
class Record:
    """Everything its page shows."""

    job: BackgroundJob
    label: str
    state: state.State
    left: str
    usual: str
    attempts: list[Attempt]
    steps: list[Step]
    before: list[Neighbour]
    after: list[Neighbour]
    input: str
    output: str
    error: dict[str, Any] | None
    detail: str
    log: list[tuple[LogEntry, str]]
    """What operators did, each with its words."""


def of(job: BackgroundJob) -> Record:
    """Collect what is known of a job."""
    [line] = rows.by_id([job.pk])
    error, stands = _error(job.error_data), state.of(line)
    return Record(
        job=line,
        label=registry.label(job.job_type),
        state=stands,
        left=_left(job) if stands.look == "working" else "",
        usual=_usual(job.job_type),
        attempts=[_attempt(one, job) for one in job.attempts.order_by("-started_at")[:_MOST]],
        steps=[_step(one) for one in job.steps.order_by("finished_at", "id")[:_MOST]],
        before=_neighbours(pk=job.depends_on_id),
        after=_neighbours(depends_on=job.pk),
        input=masking.pretty(job.input_data),
        output=masking.pretty(job.output_data) if job.output_data is not None else "",
        error=error,
        detail=masking.cut(masking.text(str((error or {}).get("detail", "")))),
        log=[(entry, _deed(entry.change_message)) for entry in log_of(job)],
    )


def log_of(job: BackgroundJob) -> QuerySet[LogEntry]:
    """Return what operators did to a job, the newest first."""
    entries = LogEntry.objects.filter(object_id=str(job.pk), content_type__model="backgroundjob")
    return entries.select_related("user")[:_MOST]


def _deed(message: str) -> str:
    """Return what `bulk` wrote: the verb in the reader's language, the reason as somebody put it."""
    verb, colon, reason = message.partition(": ")
    return f"{phrases.said(verb)}{colon}{reason}"


def _left(job: BackgroundJob) -> str:
    now = timezone.now()
    span = time_left.seconds(job, now, pace.Past())
    if span is None:
        return ""
    ends = [timezone.localtime(now + datetime.timedelta(seconds=seconds)) for seconds in span]
    told = {"left": time_left.said(span), "first": f"{ends[0]:%H:%M:%S}", "last": f"{ends[1]:%H:%M:%S}"}
    return _("%(left)s: ends between %(first)s and %(last)s UTC") % told


def _usual(job_type: str) -> str:
    """How long the last jobs of this kind took, empty when none was completed."""
    took = ExpressionWrapper(F("completed_at") - F("started_at"), output_field=fields.DurationField())
    # By their age, not their end: there is an index for that.
    newest = BackgroundJob.objects.filter(job_type=job_type, status="completed").order_by("-created_at", "-id")
    average = BackgroundJob.objects.filter(pk__in=newest.values("pk")[:_USUAL_OF]).aggregate(a=Avg(took))["a"]
    return clock(average.total_seconds()) if average else ""


def _attempt(attempt: JobAttempt, job: BackgroundJob) -> Attempt:
    word, look = _ENDS[attempt.outcome]
    end = attempt.ended_at or timezone.now()
    error = _error(attempt.error_data)
    return Attempt(
        number=attempt.number,
        worker=attempt.worker,
        began=attempt.started_at,
        ended=attempt.ended_at,
        took=clock((end - attempt.started_at).total_seconds()),
        word=str(word),
        look=look,
        progress=attempt.progress_percentage if attempt.outcome else job.progress_percentage,
        error=error,
        detail=masking.cut(masking.text(str((error or {}).get("detail", "")))),
    )


def _error(stored: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return an error with its message in the reader's language."""
    return {**stored, "message": phrases.said(str(stored.get("message", "")))} if stored else None


def _step(step: JobStep) -> Step:
    took = f"{step.seconds:.1f} s" if step.seconds < 60 else clock(step.seconds)
    return Step(step.name, took, step.finished_at, masking.pretty(step.result))


def _neighbours(**which: Any) -> list[Neighbour]:
    found = rows.readable(BackgroundJob.objects.filter(**which).order_by("created_at"))[:_MOST]
    return [Neighbour(job, registry.label(job.job_type), state.of(job)) for job in found]
