"""Storing what was heard, sentence by sentence."""

from __future__ import annotations

from jobs.context import Context
from trainings.models import Segment, Transcript
from trainings.providers import SpokenSegment


def store(context: Context, transcript: Transcript, position: int, segment: SpokenSegment) -> None:
    """Store a segment and how far that is as one: a later attempt goes on behind it, never on it."""
    words = [
        {"start": word.start, "end": word.end, "text": word.text, "probability": round(word.probability, 3)}
        for word in segment.words
    ]
    transcript.heard_until = segment.end
    with context.owned():
        Segment.objects.create(
            transcript=transcript,
            position=position,
            start=segment.start,
            end=segment.end,
            text=segment.text,
            words=words,
        )
        transcript.save(update_fields=["language", "language_probability", "model", "heard_until"])
