"""Writes the steps of a training from its transcript."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from jobs.context import Context
from jobs.errors import PermanentError
from jobs.registry import handler
from trainings import draft_check, faults, marked_parts, notices, sop_storage
from trainings.models import Segment, Training, Transcript
from trainings.paid import account, ledger
from trainings.providers import Progress, SopDraft, SpokenSegment, Word, choosing, sop_writer
from trainings.providers.choosing import Chosen

WRITTEN = 95.0
"""Percent when the last sentence is read; the rest is checking and storing."""


def warm_up() -> None:
    """Load the writer while the listening goes on."""
    sop_writer().load()


@handler(
    "sop_generation",
    label="Writing the steps",
    ended=notices.consider,
    time_limit=1800,
    by=lambda: settings.SOP_WRITER,
    warm_up=warm_up,
    instead=faults.INSTEAD,
    takes={},
)
def sop_generation(context: Context) -> dict[str, Any]:
    """Read the transcript, write the procedure, check it, store it. Running it again replaces what it wrote."""
    training = _training(context)
    transcript = _transcript(training)
    segments = _segments(transcript, context)
    duration = max(training.duration or 0.0, segments[-1].end if segments else 0.0)

    def write(who: Chosen) -> tuple[SopDraft, str, Chosen]:
        writer = sop_writer(who.name)
        told = _progress(context, duration)
        return writer.write(segments, language=transcript.language, duration=duration, progress=told), writer.name, who

    with account.charged_to(context.job):
        draft, name, who = choosing.do("sop_writer", training.company_id, write)
    draft = marked_parts.split(draft, training.marks)
    draft_check.require_sound(draft, segments=len(segments), duration=duration)
    with context.owned():
        sop = sop_storage.store(training, draft, writer=name, instead_of=who.instead_of)
    return {
        "title": sop.title,
        "chapters": len(draft.chapters),
        "steps": sum(len(chapter.steps) for chapter in draft.chapters),
        "key_points": len(draft.key_points),
        **({"left_out": draft.left_out} if draft.left_out else {}),
        **ledger.cost_for_output(context.job),
    }


def _training(context: Context) -> Training:
    if context.job.training is None:
        raise PermanentError("no_training", "This part belongs to a training that is not there any more.")
    return context.job.training


def _transcript(training: Training) -> Transcript:
    transcript = Transcript.objects.filter(training=training).first()
    if transcript is None:
        raise PermanentError(
            "no_transcript", "There is no transcript to write the steps from. Run “Listening” again first."
        )
    return transcript


def _segments(transcript: Transcript, context: Context) -> list[SpokenSegment]:
    """Return the segments by position; evidence counts them in this order."""
    segments: list[SpokenSegment] = []
    for segment in transcript.segments.order_by("position").iterator(chunk_size=500):
        context.check()
        segments.append(_spoken(segment))
    return segments


def _spoken(segment: Segment) -> SpokenSegment:
    words = tuple(Word(word["start"], word["end"], word["text"], word["probability"]) for word in segment.words)
    return SpokenSegment(segment.start, segment.end, segment.text, words)


def _progress(context: Context, duration: float) -> Progress:
    """Return what tells the page how far the writer is, at most once a percent."""
    last = -1

    def progress(steps: int, second: float) -> None:
        nonlocal last
        context.check()
        percent = int(min(1.0, second / duration) * WRITTEN) if duration else 0
        if percent > last:
            last = percent
            context.report(percent, f"{steps} so far, at {clock(second)} of {clock(duration)}")

    return progress


def clock(seconds: float) -> str:
    """Return seconds as a player shows them: "0:52", "1:02:05"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
