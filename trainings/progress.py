"""Where a training stands: its parts, each in one state, and the sentence under its title. Pure functions of rows.

A part says what is happening, why, and which action there is; the whole says what may be used already.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs import happened, telling, time_left
from jobs.happened import Log, Trouble
from jobs.models import BackgroundJob
from jobs.pace import NOTHING, Past
from jobs.telling import Held, State
from trainings import faults, languages
from trainings.exports import clock
from trainings.models import Training
from trainings.standing import latest, status

Status = BackgroundJob.Status
SHARES = {"transcription": 50, "sop_generation": 10, "step_pictures": 15, "mux_upload": 25}
"""Percent of the whole each part is worth on a card: about its share of the time on two cores."""


@dataclass(frozen=True)
class Part:
    """One part of a training. `percent` only when it was measured; `job` is None for the recording itself.

    `note` stands behind the sentence: the time left, or what helps until then.
    """

    key: str
    label: str
    state: State
    word: str
    sentence: str
    percent: int | None = None
    note: str = ""
    job: BackgroundJob | None = None
    ready_at: datetime.datetime | None = None
    trouble: Trouble | None = None

    @property
    def may_retry(self) -> bool:
        """Whether a person is offered another try."""
        return self.job is not None and telling.may_retry(self.job)

    @property
    def instead(self) -> str:
        """What helps instead of another try; empty when nothing is known."""
        return telling.instead(self.job) if self.job else ""

    @property
    def may_be_misheard(self) -> bool:
        """Whether it failed for what also comes of a language that is not the spoken one."""
        return self.job is not None and _has_failed(self.job) and telling.error_code(self.job) in faults.MISHEARD


@dataclass(frozen=True)
class Overview:
    """The whole in one line. `status` is "processing", "ready", "failed" or "cancelled"; `percent` None when nobody has
    measured it."""

    status: str
    state: State
    word: str
    sentence: str
    percent: int | None


def parts(
    training: Training,
    jobs: Iterable[BackgroundJob],
    now: datetime.datetime,
    past: Past = NOTHING,
    held: Held = telling.nothing,
    log: Log = happened.NOTHING,
) -> list[Part]:
    """Return the training's parts, the recording first."""
    return [_recording(training), *(part(job, now, past, held, log) for job in latest(jobs).values())]


def overview(
    jobs: Iterable[BackgroundJob], now: datetime.datetime, past: Past = NOTHING, log: Log = happened.NOTHING
) -> Overview:
    """Return the whole in one line."""
    newest = latest(jobs)
    whole = status(newest.values())
    if whole == "processing":
        return _at_work(newest, now, past)
    percent = _percent(newest.values())
    if whole == "failed":
        return _failed(newest, percent)
    if whole == "cancelled":
        told = _stopped(newest.values(), log)
        return Overview(whole, State.CANCELLED, _("Cancelled"), told, percent)
    return Overview(whole, State.READY, _("Ready"), "", percent)


def _stopped(jobs: Iterable[BackgroundJob], log: Log) -> str:
    if who := next(filter(None, map(log.cancelled_by, jobs)), ""):
        told = _("%(who)s stopped it. What was made until then is here; go on whenever you like.")
        return told % {"who": who}
    return _("It was stopped. What was made until then is here; go on whenever you like.")


def _recording(training: Training) -> Part:
    facts = [clock(training.duration)] if training.duration else []
    facts += [filesizeformat(training.upload.offset)]
    if training.upload.discarded_at:
        told = _("removed, because nothing can be made of it")
        return Part("recording", _("Recording"), State.CANCELLED, _("removed"), ", ".join([*facts, told]))
    told = ", ".join([*facts, _("safe on the server")])
    ready_at = training.upload.finished_at
    return Part("recording", _("Recording"), State.READY, _("saved"), told, 100, ready_at=ready_at)


def part(
    job: BackgroundJob,
    now: datetime.datetime,
    past: Past = NOTHING,
    held: Held = telling.nothing,
    log: Log = happened.NOTHING,
) -> Part:
    """Return the part that a job makes."""
    state = telling.state(job)
    told = telling.sentence(job, now=now, held=held, by=log.cancelled_by(job))
    if state is State.READY:
        told = _made(job) or told
    return Part(
        job.job_type,
        label(job.job_type),
        state,
        _short(job) if job.status == Status.FAILED and state is not State.WAITING else telling.word(job),
        told,
        telling.percent(job),
        time_left.words(job, now, past),
        job,
        job.completed_at if state is State.READY else None,
        log.trouble(job, now, held),
    )


def label(job_type: str) -> str:
    """Return what a person reads for a part."""
    return {
        "transcription": _("Listening"),
        "sop_generation": _("Writing the steps"),
        "step_pictures": _("Pictures"),
        "mux_upload": _("Preparing the video"),
    }.get(job_type, job_type)


def _made(job: BackgroundJob) -> str:
    """Say what a completed job made."""
    output: Mapping[str, Any] = job.output_data or {}
    if job.job_type == "transcription" and "words" in output:
        return _heard(output)
    if job.job_type == "sop_generation" and "steps" in output:
        steps, chapters = int(output["steps"]), int(output.get("chapters", 1))
        told = ngettext("%(count)d step", "%(count)d steps", steps) % {"count": steps}
        chapter_words = ngettext("in %(count)d chapter", "in %(count)d chapters", chapters) % {"count": chapters}
        return f"{told} {chapter_words}"
    if job.job_type == "step_pictures" and "pictures" in output:
        pictures = int(output["pictures"])
        return ngettext("%(count)d picture", "%(count)d pictures", pictures) % {"count": pictures}
    if job.job_type == "mux_upload":
        return _("streams to the people of your company")
    return ""


def _heard(output: Mapping[str, Any]) -> str:
    words = int(output["words"])
    if not words:
        return _("nobody speaks in it")
    facts = [ngettext("%(count)d word", "%(count)d words", words) % {"count": words}]
    if output.get("language"):
        facts.append(_language(output))
    if unsure := int(output.get("unsure_words", 0)):
        facts.append(_("%(count)d unsure") % {"count": unsure})
    return ", ".join(facts)


def _language(output: Mapping[str, Any]) -> str:
    name = languages.name_of(str(output["language"]))
    return _("%(language)s (as chosen)") % {"language": name} if output.get("language_chosen") else name


def _percent(jobs: Iterable[BackgroundJob]) -> int:
    return sum(SHARES[job.job_type] * job.progress_percentage for job in jobs) // 100


def _at_work(newest: Mapping[str, BackgroundJob], now: datetime.datetime, past: Past) -> Overview:
    percent = _percent(newest.values())
    failed = next(filter(_has_failed, newest.values()), None)
    if failed is not None:
        told = f"{_reason(failed)} {_('The rest goes on.')}"
        return Overview("processing", telling.state(failed), _short(failed, label(failed.job_type)), told, percent)
    working = next((job for job in newest.values() if job.status == Status.PROCESSING), None)
    if working is None and (put_off := _put_off(newest, now)):
        return Overview("processing", State.WAITING, _("Waiting"), put_off, percent)
    if working is None:
        told = _("It starts as soon as a worker is free. You can leave this page; it goes on by itself.")
        return Overview("processing", State.WAITING, _("Waiting"), told, percent)
    left = time_left.said(time_left.whole(newest.values(), now, past))
    sentences = [_usable(newest), f"{left[:1].upper()}{left[1:]}." if left else ""]
    sentences.append(_("You can leave this page; it goes on by itself."))
    told = " ".join(filter(None, sentences))
    return Overview("processing", State.WORKING, label(working.job_type), told, percent or None)


def _put_off(newest: Mapping[str, BackgroundJob], now: datetime.datetime) -> str:
    """Say what everything waits for when it is a time: a service that is away, a limit. Empty when it is not."""
    waiting = [job for job in newest.values() if job.status == Status.PENDING and job.next_retry_at]
    if not waiting:
        return ""
    told = telling.sentence(min(waiting, key=lambda job: job.next_retry_at or now), now=now)
    return f"{told[:1].upper()}{told[1:].rstrip('.')}."


def _usable(newest: Mapping[str, BackgroundJob]) -> str:
    """Say what of an unfinished training is ready to use."""

    def done(job_type: str) -> bool:
        return job_type in newest and newest[job_type].status == Status.COMPLETED

    if done("sop_generation"):
        return _("The steps are ready to read.")
    if done("transcription"):
        return _("The transcript is ready to read.")
    return _("The video plays already.")


def _failed(newest: Mapping[str, BackgroundJob], percent: int) -> Overview:
    failed = next(filter(_has_failed, newest.values()))
    ready = any(job.status == Status.COMPLETED for job in newest.values())
    told = " ".join(filter(None, [_reason(failed), _("What could be made is here.") if ready else ""]))
    return Overview("failed", telling.state(failed), _short(failed, label(failed.job_type)), told, percent)


def _has_failed(job: BackgroundJob) -> bool:
    return telling.state(job) in (State.FAILED, State.NEEDS_YOU)


def _reason(failed: BackgroundJob) -> str:
    return telling.sentence(failed, now=failed.created_at)


def _short(job: BackgroundJob, part: str = "") -> str:
    known = faults.SHORT.get(telling.error_code(job))
    if known:
        return _(known)
    return _("%(part)s failed") % {"part": part} if part else telling.word(job)
