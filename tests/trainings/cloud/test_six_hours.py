"""A transcript of six hours through the job, whoever writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from jobs import queue
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.fakes import openai_ as fake
from tests.fakes.openai_ import OpenAIServer
from tests.trainings.making import bare_training, words
from trainai.accounts.models import User
from trainings.models import ProviderCall, Segment, Service, Step, StoredCall, Training, Transcript

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
TALK = "And while that goes on everybody at the till can see what it does to the total of the day."
SENTENCES = 5_400
SECONDS = 4.0
"""From one sentence to the next."""


@pytest.fixture
def writing(alice: User) -> BackgroundJob:
    """The writing of a recording in which every eighth sentence says what to do."""
    training = bare_training(alice)
    Training.objects.filter(pk=training.pk).update(duration=SENTENCES * SECONDS)
    transcript = Transcript.objects.create(training=training, language="en")
    segments = []
    for position in range(SENTENCES):
        text = TALK if position % 8 else f"Open the menu number {position} and press save."
        start, end = position * SECONDS, position * SECONDS + 3.0
        segments.append(
            Segment(
                transcript=transcript,
                position=position,
                start=start,
                end=end,
                text=text,
                words=words(text, start, end),
            )
        )
    Segment.objects.bulk_create(segments, batch_size=500)
    return queue.enqueue("sop_generation", user=alice, company=training.company, training=training)


def write(messages: list[dict[str, str]], schema: dict[str, Any]) -> Any:
    """Write a step for each sentence that says what to do."""
    told = json.loads(messages[-1]["content"])["segments"]
    steps = [
        {
            "title": f"Open the menu number {each['n']}",
            "body": "",
            "cautions": [],
            "conditions": [],
            "segments": [each["n"]],
        }
        for each in told
        if each["said"].startswith("Open")
    ]
    chapters = [{"title": "", "segments": [], "steps": steps}] if steps else []
    return {"title": "", "chapters": chapters, "key_points": []}


def ran(job: BackgroundJob) -> BackgroundJob:
    run_due_jobs(["sop_generation"], limit=1, ignore_backoff=True)
    job.refresh_from_db()
    return job


def test_a_service_reads_them_in_parts_and_an_attempt_that_ends_loses_none(
    writing: BackgroundJob, openai: OpenAIServer
) -> None:
    def break_down(messages: list[dict[str, str]], schema: dict[str, Any]) -> Any:
        if len(openai.requests) == 10:
            openai.faults.extend([fake.too_many(retry_after="60")] * 4)
        return write(messages, schema)

    openai.pen = break_down
    assert ran(writing).status == "pending"
    kept = StoredCall.objects.count()
    assert 10 <= kept == ProviderCall.objects.filter(state="paid").count()
    openai.pen = write
    openai.faults.clear()
    Service.objects.update(closed_until=None)
    assert ran(writing).status == "completed", writing.error_data
    assert writing.retry_count == 0
    assert Step.objects.count() == SENTENCES // 8
    assert Step.objects.latest("position").start > 5.9 * 3600
    paid = ProviderCall.objects.filter(state="paid")
    assert paid.count() == StoredCall.objects.count() > kept, "no part was paid twice"


def test_the_local_writer_reads_them_too(writing: BackgroundJob, settings: Settings) -> None:
    settings.SOP_WRITER = "extractive"
    assert ran(writing).status == "completed", writing.error_data
    assert Step.objects.count() >= SENTENCES // 8
    assert Step.objects.latest("position").start > 5.9 * 3600
