"""The job that writes the steps: what it stores, what it tells, and how it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from jobs import queue
from jobs.errors import Cancelled
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.trainings.making import bare_training, words
from tests.trainings.narration import narrations
from tests.trainings.plain_context import PlainContext
from trainai.accounts.models import User
from trainings import sop_storage
from trainings.handlers.sop_generation import clock, sop_generation
from trainings.models import Chapter, KeyPoint, Segment, Sop, Step, Training, Transcript
from trainings.providers import SopDraft, SpokenSegment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
REFUND = next(narration for narration in narrations("known") if narration.name == "refund")


def transcribe(training: Training, texts: Sequence[str], language: str = "en") -> None:
    """Store sentences of three seconds each."""
    transcript = Transcript.objects.create(training=training, language=language)
    for position, text in enumerate(texts):
        start, end = position * 4.0, position * 4.0 + 3.0
        Segment.objects.create(
            transcript=transcript, position=position, start=start, end=end, text=text, words=words(text, start, end)
        )
    training.duration = len(texts) * 4.0 + 1
    training.save(update_fields=["duration"])


@pytest.fixture
def refund(alice: User) -> Training:
    """A training whose recording was listened to."""
    training = bare_training(alice, title="Refund")
    transcribe(training, [line.text for line in REFUND.lines])
    return training


def run(training: Training) -> BackgroundJob:
    """Run the job in the engine and return how it ended."""
    queue.enqueue("sop_generation", user=training.user, company=training.company, training=training, max_retries=0)
    (job,) = run_due_jobs(["sop_generation"])
    return job


def stored() -> list[tuple[Any, ...]]:
    steps = Step.objects.order_by("position")
    return list(
        steps.values_list(
            "position", "title", "body", "cautions", "conditions", "start", "end", "evidence", "chapter__title"
        )
    )


def test_the_procedure_is_stored_and_told(refund: Training) -> None:
    job = run(refund)

    assert job.status == "completed", job.error_data
    assert job.output_data == {
        "by": "extractive",
        "title": "Refund an order in our shop",
        "chapters": Chapter.objects.count(),
        "steps": Step.objects.count(),
        "key_points": KeyPoint.objects.count(),
    }
    assert [position for position, *_ in stored()] == list(range(Step.objects.count()))
    assert Step.objects.count() >= 8
    assert Sop.objects.get().writer == "extractive"
    assert all(step.evidence for step in Step.objects.all())


def test_running_again_replaces_what_was_written(refund: Training) -> None:
    run(refund)
    before = stored()
    run(refund)

    assert stored() == before
    assert Sop.objects.count() == 1


def test_the_suggested_title_replaces_the_name_of_the_file(refund: Training) -> None:
    run(refund)

    refund.refresh_from_db()
    assert refund.title == "Refund an order in our shop"
    assert refund.title_is_suggested


def test_a_title_that_a_person_wrote_stays(refund: Training) -> None:
    Training.objects.filter(pk=refund.pk).update(title="Returns, by Alice", title_is_suggested=False)

    run(refund)

    refund.refresh_from_db()
    assert refund.title == "Returns, by Alice"
    assert Sop.objects.get().title == "Refund an order in our shop"


def test_two_recordings_that_announce_nothing_keep_apart_by_a_number(alice: User) -> None:
    first, second = bare_training(alice, title="Recording"), bare_training(alice, title="Recording")
    for training in (first, second):
        transcribe(training, ["Open the list.", "Choose the order."])

    run(second)
    run(second)

    second.refresh_from_db()
    assert second.title == "Recording (2)"


@pytest.mark.parametrize(
    ("texts", "language", "code", "told"),
    [
        ([], "en", "no_speech", "Nobody speaks"),
        (["Hallo zusammen, klicken Sie auf Speichern."], "de", "language_not_supported", "German"),
        (["Bonjour à tous, ouvrez la liste."], "fr", "language_not_supported", "record it again in English"),
        (["Hello everybody.", "What a lovely day it is."], "en", "no_steps_found", "say each action"),
    ],
)
def test_what_cannot_be_written_is_told_in_one_sentence(
    alice: User, texts: list[str], language: str, code: str, told: str
) -> None:
    training = bare_training(alice)
    transcribe(training, texts, language)

    job = run(training)

    assert job.status == "failed"
    assert job.error_data
    assert job.error_data["code"] == code
    assert told in job.error_data["message"]
    assert job.error_data["retryable"] is False
    assert not Sop.objects.exists()


def test_a_training_without_a_transcript_says_so(alice: User) -> None:
    job = run(bare_training(alice))

    assert job.error_data
    assert job.error_data["code"] == "no_transcript"


def test_the_page_is_told_how_many_steps_there_are_so_far(refund: Training, tmp_path: Path) -> None:
    context = PlainContext(refund, "sop_generation", tmp_path)

    sop_generation(context)

    assert context.reports == sorted(context.reports)
    assert len(context.reports) > 5
    assert context.messages[0].startswith("0 so far, at 0:0")
    assert f"{Step.objects.count()} so far, at 1:0" in context.messages[-1]
    assert context.messages[-1].endswith("of 1:05")


def test_a_cancel_ends_the_writing_and_keeps_what_was_there(
    refund: Training, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(refund)
    before = stored()
    context = PlainContext(refund, "sop_generation", tmp_path)

    def cancelled() -> None:
        raise Cancelled

    monkeypatch.setattr(context, "check", cancelled)
    with pytest.raises(Cancelled):
        sop_generation(context)

    assert stored() == before


def test_a_draft_that_breaks_its_promises_is_not_stored(refund: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless:
        name = "careless"

        def write(self, segments: Sequence[SpokenSegment], **_: Any) -> SopDraft:
            from dataclasses import replace

            from trainings.providers.extractive import ExtractiveWriter

            draft = ExtractiveWriter().write(segments, language="en", duration=60.0)
            return replace(draft, chapters=tuple(replace(chapter, evidence=()) for chapter in draft.chapters))

    monkeypatch.setattr("trainings.handlers.sop_generation.sop_writer", Careless)

    assert run(refund).status == "failed"
    assert not Sop.objects.exists()


def test_hostile_words_are_stored_as_words(alice: User) -> None:
    training = bare_training(alice)
    transcribe(training, ["Click <script>alert(1)</script> in the list.", "Open " + "x" * 3000 + " now.", "Choose 🙂."])

    job = run(training)

    assert job.status == "completed", job.error_data
    assert Step.objects.filter(title__contains="<script>").exists()
    assert all(len(step.title) <= 300 for step in Step.objects.all())


def test_a_long_title_is_cut_to_what_a_row_holds(alice: User) -> None:
    training = bare_training(alice)

    assert len(sop_storage.store(training, SopDraft("word " * 200, ()), writer="test").title) <= 200


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (52.9, "0:52"), (3725, "1:02:05")])
def test_seconds_are_shown_as_a_player_shows_them(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
