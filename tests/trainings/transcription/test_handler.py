"""The transcription job: what it stores, and what a break, a cancel or a strange recording leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs import queue
from jobs.errors import TemporaryError
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.trainings import recordings_factory as factory
from tests.trainings.transcription.conftest import SAID, seconds_of
from trainai.accounts.models import User
from trainings import progress
from trainings.models import Segment, Training, Transcript, Upload
from trainings.models.upload import next_expiry
from trainings.providers import SpokenSegment, Transcription
from trainings.providers.whisper_ import WhisperTranscriber

Start = Callable[[Callable[[Path], None]], BackgroundJob]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tiny")]


@pytest.fixture
def start(alice: User, media_root: Path) -> Start:
    """Put a recording, made by the given function, before a transcription job."""

    def make(record: Callable[[Path], None]) -> BackgroundJob:
        assert alice.company
        now = timezone.now()
        upload = Upload.objects.create(company=alice.company, user=alice, finished_at=now, expires_at=next_expiry())
        upload.path.parent.mkdir(parents=True)
        made = upload.path.with_suffix(".mp4")
        record(made)
        made.rename(upload.path)
        training = Training.objects.create(company=alice.company, user=alice, upload=upload, title="Invoices")
        return queue.enqueue("transcription", user=alice, company=alice.company, training=training)

    return make


@pytest.fixture
def narrated(narration: Path) -> Callable[[Path], None]:
    """A screen recording with the narration."""

    def record(target: Path) -> None:
        picture = factory.lavfi("color=size=320x180:rate=2")
        length = ("-t", str(seconds_of(narration)))
        factory.make(target, *picture, "-i", str(narration), *length, *factory.H264, "-c:a", "aac")

    return record


def stored() -> list[tuple[Any, ...]]:
    return list(Segment.objects.order_by("position").values_list("position", "start", "end", "text", "words"))


def output_of(job: BackgroundJob) -> dict[str, Any]:
    assert job.output_data is not None
    return dict(job.output_data)


def error_of(job: BackgroundJob) -> dict[str, Any]:
    assert job.error_data is not None
    return dict(job.error_data)


class Breaking(WhisperTranscriber):
    """Hears like the real one, and does `at_third` before the third segment it gives."""

    at_third: ClassVar[Callable[[], None]]

    def transcribe(self, audio: Path, **options: Any) -> Transcription:
        heard = super().transcribe(audio, **options)
        return replace(heard, segments=self._broken(heard.segments))

    def _broken(self, segments: Iterator[SpokenSegment]) -> Iterator[SpokenSegment]:
        for number, segment in enumerate(segments, start=1):
            if number == 3:
                type(self).at_third()
            yield segment


@pytest.fixture
def breaking(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Have the listening do something at its third segment."""

    def use(at_third: Callable[[], None]) -> None:
        monkeypatch.setattr(Breaking, "at_third", staticmethod(at_third), raising=False)
        settings.TRANSCRIBERS = {"whisper": f"{__name__}.Breaking"}

    return use


def test_what_is_said_is_stored_with_its_words(start: Start, narrated: Callable[[Path], None], narration: Path) -> None:
    start(narrated)
    (job,) = run_due_jobs()
    transcript = Transcript.objects.get()

    duration = Training.objects.get().duration
    output = output_of(job)

    assert job.status == "completed", job.error_data
    assert 0 <= output.pop("unsure_words") <= output["words"]
    assert output == {
        "segments": len(SAID),
        "words": sum(len(sentence.split()) for sentence in SAID),
        "language": "en",
        "seconds_of_audio": duration,
        "worked_on": duration,
        "by": "whisper",
    }
    assert transcript.heard_until == duration == pytest.approx(seconds_of(narration), abs=0.6)
    assert transcript.completed_at
    assert transcript.model == "whisper tiny.en"
    assert [position for position, *_ in stored()] == list(range(len(SAID)))
    assert set(Segment.objects.values_list("words", flat=True)[0][0]) == {"start", "end", "text", "probability"}


def test_a_retry_goes_on_after_the_last_stored_segment(
    start: Start, narrated: Callable[[Path], None], breaking: Callable[[Callable[[], None]], None], settings: Settings
) -> None:
    start(narrated)
    run_due_jobs()
    whole = stored()
    Transcript.objects.all().delete()

    def fail() -> None:
        raise TemporaryError("broken", "The power went.")

    start(narrated)
    breaking(fail)
    (job,) = run_due_jobs()
    assert (job.status, error_of(job)["code"]) == ("pending", "broken")
    assert stored() == whole[:2]
    first_two = set(Segment.objects.values_list("pk", flat=True))

    settings.TRANSCRIBERS = {"whisper": "trainings.providers.whisper_.WhisperTranscriber"}
    (job,) = run_due_jobs(ignore_backoff=True)
    assert job.status == "completed"
    assert stored() == whole
    assert first_two < set(Segment.objects.values_list("pk", flat=True))


def test_a_cancelled_listening_stores_nothing_more(
    start: Start, narrated: Callable[[Path], None], breaking: Callable[[Callable[[], None]], None]
) -> None:
    job = start(narrated)

    def cancel() -> None:
        queue.cancel(job.pk)

    breaking(cancel)
    run_due_jobs()
    job.refresh_from_db()

    assert job.status == "cancelled"
    assert len(stored()) == 2
    assert Transcript.objects.get().completed_at is None


def test_running_a_finished_transcription_again_changes_nothing(
    start: Start, narrated: Callable[[Path], None], alice: User
) -> None:
    start(narrated)
    (first,) = run_due_jobs()
    before = stored()
    assert alice.company
    queue.enqueue("transcription", user=alice, company=alice.company, training=first.training)
    (second,) = run_due_jobs()

    assert output_of(second) == output_of(first) | {"worked_on": 0.0}
    assert stored() == before


@pytest.mark.parametrize("record", [factory.silent, factory.good], ids=["silence", "a tone"])
def test_a_recording_without_speech_has_an_empty_transcript(start: Start, record: Callable[[Path], None]) -> None:
    start(record)
    (job,) = run_due_jobs()

    assert job.status == "completed", job.error_data
    assert (output_of(job)["segments"], output_of(job)["words"]) == (0, 0)
    assert Transcript.objects.get().completed_at


def test_a_recording_without_a_sound_track_fails_with_what_to_do(start: Start) -> None:
    start(factory.without_sound)
    (job,) = run_due_jobs()

    assert job.status == "failed"
    assert error_of(job)["code"] == "no_audio_track"
    assert "microphone" in error_of(job)["message"]
    assert job.retry_count == 0


def test_a_chosen_language_is_kept_through_a_retry_and_said_to_be_chosen(
    start: Start, narrated: Callable[[Path], None], breaking: Callable[[Callable[[], None]], None], settings: Settings
) -> None:
    start(narrated)
    Training.objects.update(spoken_language="en")

    def fail() -> None:
        raise TemporaryError("broken", "The power went.")

    breaking(fail)
    run_due_jobs()
    assert Transcript.objects.get().language == "en"
    settings.TRANSCRIBERS = {"whisper": "trainings.providers.whisper_.WhisperTranscriber"}
    (job,) = run_due_jobs(ignore_backoff=True)
    assert (output_of(job)["language"], output_of(job)["language_chosen"]) == ("en", True)
    assert "words, English (as chosen)" in progress.part(job, timezone.now()).sentence


def test_a_chosen_language_that_the_model_does_not_know_fails_with_what_to_do(
    start: Start, narrated: Callable[[Path], None]
) -> None:
    start(narrated)
    Training.objects.update(spoken_language="de")
    (job,) = run_due_jobs()
    assert (job.status, error_of(job)["code"], job.retry_count) == ("failed", "language_not_known", 0)
    assert progress.part(job, timezone.now()).may_be_misheard
