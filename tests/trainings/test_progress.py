"""What a page says of a training, from its rows alone."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from jobs.models import BackgroundJob
from jobs.telling import State
from trainings import faults, progress, standing
from trainings.models import Training, Upload

NOW = timezone.now()
LISTENING, STEPS, PICTURES, VIDEO = standing.JOB_TYPES
TRAINING = Training(title="Refund", duration=88.0, upload=Upload(offset=12_000_000))


def job(job_type: str, status: str = "pending", percent: int = 0, **values: Any) -> BackgroundJob:
    return BackgroundJob(
        job_type=job_type,
        status=status,
        created_at=values.pop("created_at", NOW),
        progress_percentage=100 if status == "completed" else percent,
        **values,
    )


def failed(job_type: str, code: str, message: str = "It broke. Do this.") -> BackgroundJob:
    return job(job_type, "failed", error_data={"code": code, "message": message})


def done(*job_types: str) -> list[BackgroundJob]:
    return [job(job_type, "completed") for job_type in job_types]


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        ([], "processing"),
        ([job(LISTENING)], "processing"),
        ([failed(LISTENING, "no_speech"), job(VIDEO)], "processing"),
        (done(LISTENING, STEPS, PICTURES, VIDEO), "ready"),
        ([*done(VIDEO), failed(LISTENING, "no_speech")], "failed"),
        ([*done(VIDEO), job(LISTENING, "cancelled")], "cancelled"),
        ([failed(VIDEO, "disk_full"), job(LISTENING, "cancelled")], "failed"),
    ],
)
def test_a_training_is_at_work_then_what_its_worst_part_is(jobs: list[BackgroundJob], expected: str) -> None:
    assert standing.status(jobs) == expected
    assert progress.overview(jobs, NOW).status == expected


def test_only_the_newest_job_of_a_kind_counts() -> None:
    earlier = NOW - datetime.timedelta(hours=1)
    jobs = [*done(VIDEO), job(VIDEO, "failed", created_at=earlier, error_data={"code": "x", "message": "y"})]
    assert standing.status(jobs) == "ready"


def test_parts_come_in_the_order_a_person_meets_them_whatever_the_rows() -> None:
    parts = progress.parts(TRAINING, [job(VIDEO), job(PICTURES), job(STEPS), job(LISTENING)], NOW)
    assert [part.label for part in parts] == [
        "Recording",
        "Listening",
        "Writing the steps",
        "Pictures",
        "Preparing the video",
    ]
    assert parts[0].sentence.startswith("1:28, 11.4")


def test_a_waiting_part_says_what_for() -> None:
    listening = job(LISTENING, "processing")
    part = progress.part(job(STEPS, depends_on=listening), NOW)
    assert (part.state, part.sentence) == (State.WAITING, "waits for “Listening”")


def test_a_working_part_has_a_percent_only_when_it_was_measured() -> None:
    assert progress.part(job(LISTENING, "processing"), NOW).percent is None
    measured = progress.part(job(LISTENING, "processing", 40, progress_message="0:35 of 1:28"), NOW)
    assert (measured.percent, measured.word, measured.sentence) == (40, "40 %", "0:35 of 1:28")


def test_a_part_held_up_by_a_failure_has_not_failed_itself() -> None:
    listening = failed(LISTENING, "no_audio_track")
    steps = failed(STEPS, "dependency_failed")
    steps.depends_on = listening
    held, cause = progress.part(steps, NOW), progress.part(listening, NOW)
    assert (held.state, held.sentence, held.may_retry) == (
        State.WAITING,
        "needs “Listening”, which failed",
        False,
    )
    assert (cause.state, cause.word, cause.may_retry) == (State.NEEDS_YOU, "no sound", False)
    assert cause.instead == "Record again"


def test_no_known_fault_of_a_recording_offers_another_try() -> None:
    for code in (*faults.SHORT, *faults.IN_THE_FILE, "too_demanding", "recording_removed"):
        part = progress.part(failed(LISTENING, code), NOW)
        assert (part.may_retry, bool(part.instead)) == (False, True), code
    for code in ("disk_full", "service_down", "key_refused", "over_limit", "model_missing", "unexpected"):
        part = progress.part(failed(LISTENING, code), NOW)
        assert (part.may_retry, part.instead) == (True, ""), code


def test_what_a_part_made_is_said_in_numbers() -> None:
    heard = job(LISTENING, "completed", output_data={"words": 212, "unsure_words": 3, "language": "en"})
    assert progress.part(heard, NOW).sentence == "212 words, English, 3 unsure"
    written = job(STEPS, "completed", output_data={"steps": 1, "chapters": 2})
    assert progress.part(written, NOW).sentence == "1 step in 2 chapters"
    silent = job(LISTENING, "completed", output_data={"words": 0, "language": ""})
    assert progress.part(silent, NOW).sentence == "nobody speaks in it"


def test_the_sentence_says_what_can_be_used_already() -> None:
    assert "plays already" in progress.overview([job(LISTENING, "processing")], NOW).sentence
    assert "transcript is ready" in progress.overview([*done(LISTENING), job(STEPS, "processing")], NOW).sentence


def test_a_failure_is_told_at_once_though_the_rest_goes_on() -> None:
    whole = progress.overview([failed(LISTENING, "no_audio_track"), job(VIDEO, "processing", 10)], NOW)
    assert (whole.status, whole.state, whole.word) == ("processing", State.NEEDS_YOU, "no sound")
    assert whole.sentence == "It broke. Do this. The rest goes on."
