"""Hear a recording while it is still being made: the `transcription` job, in rounds, on what has arrived.

A round hears what is here, stores the sentences that are surely over, and puts the job back until there is more. With
the last byte the same job goes on behind the last stored sentence. Only for a transcriber on this machine: a service
elsewhere is paid for each second it hears, and a round hears the end of the one before again.
"""

from __future__ import annotations

import datetime
import time

from django.conf import settings
from django.utils import timezone

from jobs.context import Context
from jobs.errors import JobError, MoreLater
from trainings import arriving, media, providers
from trainings import heard as rows
from trainings.models import Training, Transcript
from trainings.providers import choosing

FREE = ("whisper",)
"""Transcribers that cost nothing but time."""

FIRST_SECONDS = 12.0
"""Less says too little about the language."""

SURE_OF_LANGUAGE = 0.8
LAST_SECONDS = 4.0
"""What ends this close to the end of what is here may go on."""

EVERY_SECONDS = 8.0
IDLE = 3.0
"""A round rests so many times as long as it took: others need the cores too."""

PART = 0.05
"""A long recording is looked at less often: after each twentieth of its length."""

WAITS = "Listens along while it is recorded."


def may() -> bool:
    """Return whether this installation listens along: an upload's parts in a bucket can only be read as a whole."""
    return settings.TRANSCRIBER in FREE and not settings.MEDIA_BUCKET


def listen(context: Context, training: Training, transcript: Transcript) -> None:
    """Hear what is here and not heard yet; return when the recording has ended, raise MoreLater before that."""
    began = time.monotonic()
    try:
        length = _round(context, training, transcript)
    except (JobError, OSError):
        length = 0.0  # too little of the file for its reader; the whole is judged when it is there
    training.upload.refresh_from_db()
    if training.upload.finished_at:
        return
    now = timezone.now()
    rest = max(EVERY_SECONDS, IDLE * (time.monotonic() - began), PART * length)
    quiet = now - arriving.last_piece(training.upload)
    raise MoreLater(now + max(datetime.timedelta(seconds=rest), quiet), "recording", WAITS)


def _round(context: Context, training: Training, transcript: Transcript) -> float:
    """Store the sentences that are over; return the seconds that are here."""
    who = choosing.chosen("transcriber", training.company_id)
    if who not in FREE:
        return 0.0
    audio = context.scratch / "along.wav"
    length = media.extract_audio(training.upload.path, audio, work=context).duration
    if length < max(FIRST_SECONDS, transcript.heard_until + LAST_SECONDS):
        return length
    transcriber = providers.transcriber(who)
    heard = transcriber.transcribe(
        audio,
        start=transcript.heard_until,
        language=transcript.language,
        is_chosen=bool(training.spoken_language),
        heard=lambda _: context.check(),
    )
    if not transcript.language:
        if not heard.language or heard.language_probability < SURE_OF_LANGUAGE:
            return length
        transcript.language, transcript.language_probability = heard.language, heard.language_probability
    transcript.model = transcriber.name
    for position, segment in enumerate(heard.segments, start=transcript.segments.count()):
        if segment.end > length - LAST_SECONDS:
            break
        rows.store(context, transcript, position, segment)
    return length
