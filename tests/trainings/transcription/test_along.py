"""A recording is heard while it is still being made, and the listening afterwards goes on from there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from jobs import telling
from jobs.models import BackgroundJob, JobQueue
from jobs.testing import run_due_jobs
from tests.trainings import recordings_factory as factory
from tests.trainings.transcription.conftest import SAID, seconds_of
from trainai.accounts.models import User
from trainings import listening_anew, pipeline
from trainings.models import Segment, Training, Transcript, Upload
from trainings.models.upload import next_expiry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tiny")]


@pytest.fixture
def recorded(narration: Path, tmp_path: Path) -> bytes:
    """What a browser sends of a narrated recording: WebM without a length."""
    made = tmp_path / "live.webm"
    picture = factory.lavfi("color=size=320x180:rate=5")
    length = ("-t", str(seconds_of(narration)))
    codecs = ("-c:v", "libvpx", "-deadline", "realtime", "-g", "10", "-c:a", "libopus", "-live", "1")
    factory.make(made, *picture, "-i", str(narration), *length, *codecs, "-cluster_time_limit", "1000")
    return made.read_bytes()


@pytest.fixture
def arriving(alice: User, media_root: Path) -> Training:
    """A recording that has just begun."""
    assert alice.company
    upload = Upload.objects.create(company=alice.company, user=alice, expires_at=next_expiry())
    upload.path.parent.mkdir(parents=True)
    upload.path.touch()
    return pipeline.begin_recording(upload)


def comes(training: Training, recorded: bytes, until: int) -> None:
    """Let the bytes before `until` be there."""
    upload = training.upload
    upload.path.write_bytes(recorded[:until])
    upload.offset = until
    if until == len(recorded):
        upload.size = until
    pipeline.settle(upload)


def listen() -> BackgroundJob:
    """Let the listening run now, whatever time it waits for."""
    JobQueue.objects.filter(job__job_type="transcription").update(run_at="2026-01-01T00:00Z")
    return next(job for job in run_due_jobs(["transcription"], limit=1))


def text() -> str:
    return " ".join(Segment.objects.order_by("position").values_list("text", flat=True))


def test_lines_are_there_before_the_end_and_the_rest_follows_once(arriving: Training, recorded: bytes) -> None:
    comes(arriving, recorded, len(recorded) * 6 // 10)
    job = listen()
    assert (job.status, job.retry_count) == ("pending", 0)
    early = text()
    assert "billing page" in early
    assert "save and close" not in early
    assert telling.sentence(job, now=job.created_at) == "Listens along while it is recorded."
    assert listen().pk == job.pk
    assert text() == early  # nothing new came, nothing is heard twice

    comes(arriving, recorded, len(recorded))
    (place,) = JobQueue.objects.filter(job=job)
    assert (place.priority, BackgroundJob.objects.filter(job_type="transcription").count()) == (5, 1)
    (done,) = run_due_jobs(["transcription"])
    assert done.status == "completed", done.error_data
    assert done.output_data
    assert done.output_data["worked_on"] < done.output_data["seconds_of_audio"]
    assert text().startswith(early)
    assert Segment.objects.count() == len(SAID)
    assert Transcript.objects.get().completed_at


def test_a_chosen_language_is_taken_along(arriving: Training, recorded: bytes) -> None:
    arriving.spoken_language = "en"
    arriving.save()
    comes(arriving, recorded, len(recorded) * 6 // 10)
    listen()
    transcript = Transcript.objects.get()
    assert (transcript.language, transcript.language_probability, transcript.model) == ("en", 1.0, "whisper tiny.en")
    assert "billing page" in text()


def test_a_language_chosen_meanwhile_begins_anew(arriving: Training, recorded: bytes, alice: User) -> None:
    comes(arriving, recorded, len(recorded) * 6 // 10)
    listen()
    Transcript.objects.update(language="cy")
    listening_anew.in_language(arriving, "en", by=alice)
    assert not Segment.objects.exists()
    comes(arriving, recorded, len(recorded))
    (done,) = run_due_jobs(["transcription"])
    assert done.output_data
    assert (done.status, done.output_data["language_chosen"]) == ("completed", True)
    assert Segment.objects.count() == len(SAID)


def test_too_little_and_nothing_at_all_wait_for_more(arriving: Training, recorded: bytes) -> None:
    for until in (0, 40, len(recorded) // 10):
        comes(arriving, recorded, until)
        job = listen()
        assert (job.status, job.error_data and job.error_data["code"]) == ("pending", "recording")
    assert not Segment.objects.exists()


def test_one_that_failed_meanwhile_is_begun_anew_with_the_last_byte(arriving: Training, recorded: bytes) -> None:
    JobQueue.objects.all().delete()
    BackgroundJob.objects.update(
        status="failed", error_data={"code": "worker_died", "message": "x"}, completed_at="2026-01-01T00:00Z"
    )
    comes(arriving, recorded, len(recorded))
    assert BackgroundJob.objects.filter(job_type="transcription", status="pending").count() == 1


def test_a_service_that_is_paid_by_the_second_does_not_listen_along(
    alice: User, media_root: Path, settings: Settings
) -> None:
    assert alice.company
    settings.TRANSCRIBER = "openai"
    pipeline.begin_recording(Upload.objects.create(company=alice.company, user=alice, expires_at=next_expiry()))
    assert not BackgroundJob.objects.exists()
