"""Whatever is uploaded, every part comes to a final state, says what to do, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from jobs import testing
from jobs.models import BackgroundJob
from tests.trainings import recordings_factory
from tests.trainings.media.conftest import MakeTraining
from trainings import pipeline
from trainings.models import Training, Video

pytestmark = pytest.mark.django_db

COMPLETED, FAILED = BackgroundJob.Status.COMPLETED, BackgroundJob.Status.FAILED


def process(training: Training) -> dict[str, BackgroundJob]:
    """Run the whole pipeline of a training; nothing is left to wait for afterwards."""
    pipeline.enqueue_jobs(training)
    testing.run_due_jobs()
    return {job.job_type: job for job in BackgroundJob.objects.filter(training=training)}


def error(job: BackgroundJob) -> dict[str, Any]:
    """Return why a job failed."""
    assert job.status == FAILED
    assert job.error_data
    told: dict[str, Any] = job.error_data
    return told


def left_behind(training: Training, media_root: Path) -> list[Path]:
    """Return the files made from a training and what attempts left in their folders."""
    scratch = Path(settings.VAR_DIR) / "scratch"
    return [path for folder in (media_root / training.folder, scratch) for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("kind", "code"), recordings_factory.REFUSED.items())
def test_what_is_no_recording_fails_at_once_in_every_part(
    make_training: MakeTraining, media_root: Path, kind: str, code: str
) -> None:
    training = make_training(kind)
    jobs = process(training)
    for job_type in ("transcription", "mux_upload"):
        told = error(jobs[job_type])
        assert told["code"] == code
        assert told["message"].endswith(".")
        assert not told["retryable"]
        assert jobs[job_type].retry_count == 0
    for job_type in ("sop_generation", "step_pictures"):
        assert error(jobs[job_type])["code"] == "dependency_failed"
    assert left_behind(training, media_root) == []


def test_a_video_without_sound_is_published_and_its_steps_need_narration(
    make_training: MakeTraining, media_root: Path
) -> None:
    training = make_training("without_sound")
    jobs = process(training)
    assert jobs["mux_upload"].status == COMPLETED
    assert (media_root / Video.objects.get(training=training).playback).exists()
    assert error(jobs["transcription"])["code"] == "no_audio_track"
    assert "steps need narration" in error(jobs["transcription"])["message"]
    assert error(jobs["sop_generation"])["code"] == "dependency_failed"


@pytest.mark.parametrize("kind", ["without_picture", "mp3_with_cover", "ogg_sound"])
def test_sound_alone_is_published_as_sound(make_training: MakeTraining, media_root: Path, kind: str) -> None:
    training = make_training(kind)
    jobs = process(training)
    assert jobs["mux_upload"].status == jobs["transcription"].status == COMPLETED
    assert Video.objects.get(training=training).width == 0
    names = {path.name for path in left_behind(training, media_root)}
    assert names == {"master.m3u8", "index.m3u8", "segments.mp4"}


@pytest.mark.parametrize("kind", ["variable_frame_rate", "twenty_streams", "mediarecorder", "upright", "odd_size"])
def test_what_is_unusual_is_published_like_any_other(make_training: MakeTraining, media_root: Path, kind: str) -> None:
    training = make_training(kind)
    pipeline.enqueue_jobs(training)
    (job,) = testing.run_due_jobs(["mux_upload"])
    assert (job.status, job.progress_percentage) == (COMPLETED, 100)
    video = Video.objects.get(training=training)
    assert {path.name for path in left_behind(training, media_root)} == {
        "master.m3u8",
        "index.m3u8",
        "segments.mp4",
        "poster.webp",
    }
    assert video.duration > 1
