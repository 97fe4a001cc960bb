"""Values for the page of patterns: each component in each state, made up and never stored."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from jobs import activity
from jobs.activity import Shown
from jobs.headings import Heading
from jobs.models import BackgroundJob
from jobs.telling import State
from trainai.accounts.models import User
from trainings import languages, progress
from trainings.cards import Card
from trainings.models import Chapter, KeyPoint, Sop, Step, Training, Upload
from trainings.spoken_lines import Line, Piece
from trainings.training_page import Film

Status = BackgroundJob.Status
BUSY = {
    "code": "service_busy",
    "message": "The service was busy. Nothing is lost; it is tried again by itself.",
    "retryable": True,
}
SILENT = {
    "code": "no_audio_track",
    "message": "This recording has no sound, and steps need narration. Record it again with the microphone on.",
}
BLOCKED = {"code": "dependency_failed", "message": "Listening failed, so this did not start."}

TAPE = {"time": "04:12", "safe": "saved up to 04:09", "saved": 0.98, "ticks": ["0.20", "0.46"]}
WARNINGS: list[tuple[str, str, dict[str, Any]]] = [
    ("nothing", "We hear nothing. Check the microphone, or choose another one.", {}),
    ("no_microphone", "No microphone. Steps need your voice: plug one in, allow it or choose another.", {}),
    ("quiet", "No voice for 20 seconds. Keep going silently, or check the microphone.", {}),
    (
        "offline",
        "No connection. 38 s are kept on this computer and will be sent.",
        {"safe": "saved up to 03:34", "saved": 0.85},
    ),
    (
        "refused",
        "Not sent yet: the server answered 503. 12 s are kept on this computer; we keep trying.",
        {"safe": "saved up to 04:00", "saved": 0.95},
    ),
    (
        "removed",
        "Ben deleted this training. What you record is kept on this computer: stop, and choose what becomes of it.",
        {},
    ),
    ("low", "About 2 min of space left. Stop and save, or free some space.", {}),
    (
        "tight",
        "This computer's disk is full. What was sent is safe on the server: stop and save, or free some space.",
        {},
    ),
]
STRIPS = [
    {
        "state": "checking",
        "heading": "Ready to record",
        "heard": "We can hear you.",
        "note": "A tab is chosen, with its sound.",
    },
    {
        "state": "checking",
        "heading": "Ready to record",
        "note": "A tab is chosen, with its sound.",
        "warning": "We hear nothing. Say something, or choose another microphone.",
    },
    {
        "state": "checking",
        "heading": "Ready to record",
        "note": "Your picture is in the small window, and so in the recording. Move it to where it hides nothing.",
        "camera": True,
    },
    {
        "state": "checking",
        "heading": "Ready to record",
        "note": "A tab is chosen, with its sound.",
        "warning": "About 2 min of space left. Free some before you start, on this computer or in your company.",
    },
    {"state": "countdown", "heading": "Starting", "note": "Starting in 3"},
    {"state": "recording", "heading": "Recording", "note": "New part marked at 01:56"} | TAPE,
    *(
        {"state": "recording", "heading": "Recording", "kind": kind, "warning": warning} | TAPE | more
        for kind, warning, more in WARNINGS
    ),
    {"state": "paused", "heading": "Paused", "note": "Paused at 04:12"} | TAPE,
    {
        "state": "finishing",
        "heading": "Saving",
        "note": "Sharing was stopped. Sending the last 6 s. If you leave this page, it goes on when you come back.",
        "training_url": "#",
    }
    | TAPE,
    {
        "state": "done",
        "heading": "Saved",
        "note": "The browser stopped recording by itself. What you recorded is saved. Your training is being made.",
        "training_url": "#",
        "cut_short": True,
    },
]
KEPT = [
    {"state": "kept", "told": "We kept an unsent recording from 14:02 (06:31). Send it?"},
    {"state": "sending", "told": "Sending your recording from 14:02 (06:31)."},
    {
        "state": "removed",
        "told": "Ben deleted the training of your recording from 14:02 (06:31). The recording is kept on this "
        "computer: what should become of it?",
    },
    {"state": "done", "told": "Your recording from 14:02 (06:31) is saved. Its training is being made."},
]
"""The recorder in its states; what it says is filled in by its script otherwise."""


def context() -> dict[str, Any]:
    """Return what `templates/patterns.html` shows."""
    now = timezone.now()
    training = _training()
    jobs = _jobs(training, now)
    sop = Sop(training=training)
    chapters = [
        Chapter(id=1, sop=sop, position=0, title="Find the order", start=0.0, end=24.0),
        Chapter(id=2, sop=sop, position=1, title="Refund it", start=24.0, end=88.0),
    ]
    return {
        "states": list(State),
        "training": training,
        "may_edit": True,
        "spoken_languages": languages.choices,
        "spoken_language": "en",
        "heard_in": "English",
        "may_act": True,
        "now": now,
        "cards": [Card(training, progress.overview(some, now), "") for some in _stories(jobs)],
        "parts": progress.parts(training, jobs.values(), now)
        + [progress.part(job, now) for job in _more(training, now)],
        "part_of": {part.key: part for part in progress.parts(training, jobs.values(), now)},
        "film": Film("", "", "", "", "en", "", "", sound_only=False),
        "arriving": Training(title=training.title, user=training.user, upload=Upload()),
        "sop": sop,
        "chapters": chapters,
        "key_points": [KeyPoint(start=12.0, text="The name must match the ticket.")],
        "words": 212,
        "choices": list(Shown),
        "header": [{"needs_you": 1, "working": 2}, {"working": 1}, {"waiting": 3}],
        "page": _page([activity.row(job, 3, now) for job in [*jobs.values(), *_more(training, now)]]),
        "steps": [_step(chapters[number // 2], number, seen) for number, seen in enumerate((True, False, None))],
        "lines": _lines(),
        "figures": activity.Figures(2, 3, "2 min", 1, 14),
        "overview": progress.overview(jobs.values(), now),
        "strips": STRIPS,
        "kept": KEPT,
    }


def _page(rows: list[activity.Row]) -> activity.Page:
    return activity.Page(activity.groups(rows, rest=[Heading.WAITING]), number=2, has_next=True)


def _training() -> Training:
    user = User(name="Maya", email="maya@example.com")
    return Training(
        title="Refund an order in the shop",
        user=user,
        duration=88.0,
        upload=Upload(offset=12_000_000, finished_at=timezone.now()),
        created_at=timezone.now(),
    )


def _job(training: Training, job_type: str, status: str, now: datetime.datetime, **values: Any) -> BackgroundJob:
    values.setdefault("started_at", now - datetime.timedelta(seconds=40))
    return BackgroundJob(
        training=training, user=training.user, job_type=job_type, status=status, created_at=now, **values
    )


def _jobs(training: Training, now: datetime.datetime) -> dict[str, BackgroundJob]:
    heard = _job(training, "transcription", Status.COMPLETED, now, progress_percentage=100, completed_at=now)
    heard.output_data = {"words": 212, "unsure_words": 3, "language": "en"}
    steps = _job(training, "sop_generation", Status.PROCESSING, now, progress_percentage=62)
    steps.progress_message = "3 so far, at 0:52 of 1:28"
    pictures = _job(training, "step_pictures", Status.PENDING, now, depends_on=steps, started_at=None)
    video = _job(training, "mux_upload", Status.FAILED, now, progress_percentage=40, error_data=BUSY, completed_at=now)
    return {job.job_type: job for job in (heard, steps, pictures, video)}


def _more(training: Training, now: datetime.datetime) -> list[BackgroundJob]:
    silent = _job(training, "transcription", Status.FAILED, now, error_data=SILENT, completed_at=now)
    blocked = _job(training, "sop_generation", Status.FAILED, now, error_data=BLOCKED, depends_on=silent)
    blocked.completed_at = now
    again = _job(training, "transcription", Status.PENDING, now, progress_percentage=30, error_data=BUSY, retry_count=1)
    again.next_retry_at = now + datetime.timedelta(seconds=90)
    stopping = _job(training, "mux_upload", Status.PROCESSING, now, progress_percentage=55, cancel_requested_at=now)
    cancelled = _job(training, "mux_upload", Status.CANCELLED, now, cancel_requested_at=now, completed_at=now)
    return [silent, blocked, again, stopping, cancelled]


def _stories(jobs: dict[str, BackgroundJob]) -> list[list[BackgroundJob]]:
    """The jobs of a training that is ready, at work, waiting, failed and cancelled."""
    heard, steps, pictures, video = jobs.values()
    now = timezone.now()
    cancelled = _job(_training(), "mux_upload", Status.CANCELLED, now, completed_at=now, cancel_requested_at=now)
    return [[heard], [heard, steps, pictures], [pictures], [heard, video], [heard, cancelled]]


def _step(chapter: Chapter, number: int, seen: bool | None) -> Step:
    return Step(
        chapter=chapter,
        position=number,
        title="Open the order and compare the customer's name",
        body="The list opens with the newest first.",
        cautions=["The name must match the ticket."] if number == 0 else [],
        conditions=["If the package was opened, choose Partial refund."] if number == 1 else [],
        start=12.0 * number,
        end=12.0 * number + 8,
        seen=seen,
    )


def _lines() -> list[Line]:
    said = (Piece("Make sure the name matches the ", False), Piece("ticket", True), Piece(".", False))
    return [Line(0, 0.0, 4.0, said), Line(1, 4.0, 8.0, (Piece("Otherwise the wrong person is refunded.", False),))]
