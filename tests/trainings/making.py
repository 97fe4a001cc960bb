"""Finished trainings for tests, made of rows."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jobs.models import BackgroundJob
from trainai.accounts.models import User
from trainings.models import Chapter, KeyPoint, Segment, Sop, Step, Training, Transcript, Upload, Video
from trainings.models.upload import next_expiry


def words(text: str, start: float, end: float) -> list[dict[str, Any]]:
    """Word times, evenly spread."""
    parts = text.split()
    each = (end - start) / len(parts)
    return [
        {"start": start + at * each, "end": start + (at + 1) * each, "text": " " + part, "probability": 0.9}
        for at, part in enumerate(parts)
    ]


def upload_of(user: User, content: bytes = b"recording", filename: str = "refund.mp4") -> Upload:
    """A complete upload with its file."""
    assert user.company
    upload = Upload.objects.create(
        company=user.company,
        user=user,
        filename=filename,
        size=len(content),
        offset=len(content),
        expires_at=next_expiry(),
    )
    upload.path.parent.mkdir(parents=True)
    upload.path.write_bytes(content)
    return upload


def bare_training(user: User, title: str = "Refund an order") -> Training:
    """A training of which nothing is made yet."""
    upload = upload_of(user)
    upload.finished_at = timezone.now()
    upload.save()
    return Training.objects.create(company=upload.company, user=user, upload=upload, title=title)


def ready_training(user: User, *, said: str = "Open the till menu. Then press <refund> & wait.") -> Training:
    """A training with a transcript, steps, a key point, a video and its completed jobs."""
    training = bare_training(user)
    transcript = Transcript.objects.create(training=training, language="en", model="test")
    Segment.objects.create(
        transcript=transcript, position=0, start=1.0, end=5.0, text=said, words=words(said, 1.0, 5.0)
    )
    sop = Sop.objects.create(training=training, title="Refund an order")
    moment: dict[str, Any] = {"start": 1.0, "end": 5.0, "evidence": [0]}
    chapter = Chapter.objects.create(sop=sop, position=0, title="The till", **moment)
    Step.objects.create(
        sop=sop,
        chapter=chapter,
        position=0,
        title="Open the till menu",
        body="It is *at the top*.",
        cautions=["Never <refund> twice."],
        conditions=["If the till is locked, ask."],
        picture=f"{training.folder}/steps/1.webp",
        picture_alt="The till",
        **moment,
    )
    KeyPoint.objects.create(sop=sop, position=0, text="Wait for the receipt.", **moment)
    Video.objects.create(
        training=training,
        host="hls",
        playback=f"{training.folder}/video/master.m3u8",
        poster=f"{training.folder}/video/poster.webp",
        width=1280,
        height=720,
        duration=6.0,
    )
    for job_type in ("transcription", "mux_upload", "sop_generation", "step_pictures"):
        BackgroundJob.objects.create(
            job_type=job_type, user=user, company=training.company, training=training, **_completed()
        )
    return training


def _completed() -> dict[str, Any]:
    return {
        "status": "completed",
        "progress_percentage": 100,
        "started_at": "2026-01-01T12:00:00Z",
        "completed_at": "2026-01-01T12:00:02.5Z",
    }
