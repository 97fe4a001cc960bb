"""A worker that is killed at a call to a service: nothing is paid again but what was under way, no second asset.

Commits for real, because the worker is a process of its own. `bench/cloud.py` does the same at every call there is.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from jobs import queue, workers
from jobs.claim import Wanted
from jobs.models import JobQueue
from jobs.worker import Loop
from tests.fakes import pen
from tests.fakes.mux import MuxServer
from tests.fakes.openai_ import Heard, OpenAIServer
from tests.fakes.reaper import Moment, Reaper
from tests.processes import forked, in_a_process
from tests.trainings.cloud.conftest import one_word
from tests.trainings.media.conftest import MakeTraining
from tests.waiting import until
from trainings import speech
from trainings.models import ProviderCall, Segment, Sop, StoredCall, Video
from trainings.speech import Clip

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media_root", "four_pieces")]
TYPES = ("transcription", "sop_generation", "mux_upload")


@pytest.mark.parametrize(("at", "moment"), [(2, "asked"), (3, "answered"), (5, "asked"), (9, "answered")])
def test_a_kill_costs_at_most_what_was_under_way(
    openai: OpenAIServer,
    mux: MuxServer,
    make_training: MakeTraining,
    settings: Settings,
    at: int,
    moment: Moment,
) -> None:
    settings.OPENAI_PARALLEL = 1
    openai.pen, openai.ear = pen.write, steps
    reaper = Reaper(at, moment)
    openai.watcher = mux.watcher = reaper
    training = make_training("good")
    listening = queue.enqueue("transcription", user=training.user, company=training.company, training=training)
    writing = queue.enqueue(
        "sop_generation", user=training.user, company=training.company, training=training, depends_on=listening
    )
    publishing = queue.enqueue("mux_upload", user=training.user, company=training.company, training=training)
    jobs = [listening, writing, publishing]

    assert not in_a_process(drain), "the worker was killed"
    assert reaper.victim
    assert workers.rescue() == 1
    JobQueue.objects.update(run_at="2000-01-01T00:00Z")
    assert in_a_process(drain)

    for job in jobs:
        job.refresh_from_db()
        assert job.status == "completed", job.error_data
    assert reaper.repeated <= reaper.in_flight <= 1
    calls = sum(reaper.calls.values())
    assert calls <= ProviderCall.objects.count() <= calls + 1, "every call is in the ledger, and what may have been one"
    assert len(mux.assets) == Video.objects.count() == Sop.objects.count() == 1
    texts = list(Segment.objects.order_by("position").values_list("text", flat=True))
    assert len(texts) == len(set(texts)) == 4


def test_what_is_answered_while_the_next_piece_is_cut_is_not_paid_again(
    openai: OpenAIServer, make_training: MakeTraining, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OPENAI_PARALLEL = 4
    found = list(speech.clips(Path(), lambda seconds: None))

    def clips(audio: Path, heard: object) -> Iterator[Clip]:
        yield from found
        threading.Event().wait()  # the last piece is whole only when it is known that nothing follows

    training = make_training("good")
    job = queue.enqueue("transcription", user=training.user, company=training.company, training=training)
    with monkeypatch.context() as patch:
        patch.setattr("trainings.providers.openai_.pieces.speech.clips", clips)
        worker = forked(drain)
        until(lambda: StoredCall.objects.count() == 3, "every answer is stored, though the last piece never comes")
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    assert workers.rescue() == 1
    JobQueue.objects.update(run_at="2000-01-01T00:00Z")
    assert in_a_process(drain)
    job.refresh_from_db()
    assert job.status == "completed", job.error_data
    assert len(openai.requests) == ProviderCall.objects.filter(state="paid").count() == 4


def steps(content: bytes) -> Heard:
    """Hear in each piece that one more menu is opened."""
    heard = one_word(content)
    words = ["Open", "the", "menu", heard.words[1][0].replace(".", " point ")]
    text = f"{' '.join(words)} now."
    times = [(word, 0.2 + place / 10, 0.3 + place / 10) for place, word in enumerate(text.rstrip(".").split())]
    return Heard(text, times, heard.seconds)


def drain() -> None:
    Loop(resident=False, wanted=Wanted(TYPES, None)).drain()
