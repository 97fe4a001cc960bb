"""What every writer does, whoever it is."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from jobs.errors import PermanentError
from tests.fakes.openai_ import OpenAIServer
from tests.fakes.pen import write
from tests.trainings.narration import Narration, narrations, spoken
from trainings import draft_check
from trainings.providers import SopDraft, SopWriter, SpokenSegment, sop_writer
from trainings.providers.extractive import support

pytestmark = pytest.mark.django_db
KNOWN = narrations("known")


@pytest.fixture(params=["extractive", "openai"])
def writer(request: pytest.FixtureRequest, settings: Settings) -> SopWriter:
    """Each of them in turn."""
    if request.param == "openai":
        server: OpenAIServer = request.getfixturevalue("openai")
        server.pen = write
    settings.SOP_WRITER = request.param
    return sop_writer()


def drafted(writer: SopWriter, narration: Narration, **options: Any) -> SopDraft:
    return writer.write(narration.segments, language="en", duration=narration.duration, **options)


@pytest.mark.parametrize("narration", KNOWN, ids=lambda narration: narration.name)
def test_a_draft_keeps_its_promises(writer: SopWriter, narration: Narration) -> None:
    draft = drafted(writer, narration)
    draft_check.require_sound(draft, segments=len(narration.segments), duration=narration.duration)
    said = [segment.text for segment in narration.segments]
    for chapter in draft.chapters:
        for step in chapter.steps:
            assert support.supported(step.title, step.evidence, said), step
    assert sum(len(chapter.steps) for chapter in draft.chapters) >= 3


def test_nobody_speaking_is_refused(writer: SopWriter) -> None:
    for segments in ([], [SpokenSegment(1.0, 2.0, "Okay.")]):
        with pytest.raises(PermanentError) as refusal:
            writer.write(segments, language="en", duration=10.0)
        assert refusal.value.code == "no_speech"


def test_talk_without_any_step_is_refused(writer: SopWriter) -> None:
    talk = [spoken("Hello and good morning to you all.", 0.0), spoken("The weather was lovely yesterday.", 4.0)]
    with pytest.raises(PermanentError) as refusal:
        writer.write(talk, language="en", duration=10.0)
    assert refusal.value.code == "no_steps_found"


def test_progress_is_told_and_may_end_the_writing(writer: SopWriter) -> None:
    class Enough(Exception):
        pass

    def stop(steps: int, second: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        drafted(writer, KNOWN[0], progress=stop)


def test_what_is_loaded_ahead_changes_nothing(writer: SopWriter) -> None:
    loading = [threading.Thread(target=writer.load) for _ in range(2)]
    for thread in loading:
        thread.start()
    written = drafted(writer, KNOWN[0])
    for thread in loading:
        thread.join()
    assert drafted(writer, KNOWN[0]) == written


def test_writing_again_writes_the_same(writer: SopWriter) -> None:
    assert drafted(writer, KNOWN[0]) == drafted(writer, KNOWN[0])


def test_it_says_who_it_is(writer: SopWriter) -> None:
    assert 0 < len(writer.name) <= 100
