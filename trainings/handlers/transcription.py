"""Listens to a recording and stores what was said, segment by segment, while it is still listening."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from jobs.context import Context
from jobs.registry import handler
from trainings import endings, faults, files, handing_over, listening_along, media, providers, spoken_language, unusable
from trainings import heard as heard_rows
from trainings.models import Training, Transcript
from trainings.paid import account, ledger
from trainings.providers import choosing
from trainings.providers.choosing import Chosen

UNSURE = 0.5
"""Words the model gives a lower probability are counted as unsure."""

MOST_NAMES = 300
"""Characters of the names of all who heard it."""

AUDIO_PERCENT = 3.0
"""Share of the progress for taking the sound out of the recording."""


@handler(
    "transcription",
    label="Listening",
    share=0.5,
    ended=endings.consider,
    by=lambda: settings.TRANSCRIBER,
    leads_to="sop_generation",
    instead=faults.INSTEAD,
    takes={},
)
def run(context: Context) -> dict[str, Any]:
    training = context.job.training
    assert training is not None  # noqa: S101  the pipeline never makes one without
    transcript, _ = Transcript.objects.get_or_create(training=training)
    if training.spoken_language:
        transcript.language, transcript.language_probability = training.spoken_language, 1.0
    if training.is_arriving:
        listening_along.listen(context, training, transcript)
    heard_before = transcript.heard_until
    if transcript.completed_at is None:
        with account.charged_to(context.job):
            _listen(context, training, transcript)
    worked_on = {"worked_on": round(transcript.heard_until - heard_before, 3)}
    return _summary(training, transcript) | worked_on | ledger.cost_for_output(context.job)


def _listen(context: Context, training: Training, transcript: Transcript) -> None:
    """Hear what is left after the last stored segment."""
    unusable.require_bytes(training.upload)

    def on_audio(done: float) -> None:
        context.report(AUDIO_PERCENT * done, "Taking out the sound")

    recording, audio = files.local(training.upload.name, context), context.scratch / "audio.wav"
    duration = media.extract_audio(recording, audio, work=context, on_progress=on_audio).duration
    Training.objects.filter(pk=training.pk).update(duration=duration)
    training.duration = duration

    furthest = transcript.heard_until

    def on_heard(seconds: float) -> None:
        nonlocal furthest
        furthest = min(duration, max(furthest, seconds))
        percent = AUDIO_PERCENT + (100 - AUDIO_PERCENT) * furthest / duration
        context.report(percent, f"{_clock(furthest)} of {_clock(duration)}")

    def hear(who: Chosen) -> None:
        on_heard(transcript.heard_until)
        transcriber = providers.transcriber(who.name)
        heard = transcriber.transcribe(
            audio,
            start=transcript.heard_until,
            language=transcript.language,
            is_chosen=bool(training.spoken_language),
            heard=on_heard,
        )
        _note_who(transcript, transcriber.name, who)
        if not transcript.language:
            transcript.language, transcript.language_probability = heard.language, heard.language_probability
        with context.owned():
            transcript.save(update_fields=["language", "language_probability", "model", "instead_of"])
        for position, segment in enumerate(heard.segments, start=transcript.segments.count()):
            heard_rows.store(context, transcript, position, segment)
            on_heard(segment.end)

    choosing.do("transcriber", training.company_id, hear)
    if not transcript.language:
        # No piece alone said enough; the whole may.
        said = " ".join(transcript.segments.values_list("text", flat=True))
        transcript.language, transcript.language_probability = spoken_language.of(said)
    transcript.heard_until, transcript.completed_at = duration, timezone.now()
    with context.owned():
        transcript.save(update_fields=["language", "language_probability", "heard_until", "completed_at"])
        handing_over.consider(training)


def _note_who(transcript: Transcript, name: str, who: Chosen) -> None:
    """Note who hears. One who goes on where another had to stop is named after it."""
    if not transcript.heard_until:
        transcript.model, transcript.instead_of = name, who.instead_of
    elif not transcript.model.endswith(name):
        transcript.model = f"{transcript.model}, then {name}"[:MOST_NAMES]
        transcript.instead_of = who.instead_of or transcript.instead_of


def _summary(training: Training, transcript: Transcript) -> dict[str, Any]:
    segments = words = unsure = 0
    for said in transcript.segments.values_list("words", flat=True).iterator():
        segments += 1
        words += len(said)
        unsure += sum(word["probability"] < UNSURE for word in said)
    return {
        "segments": segments,
        "words": words,
        "unsure_words": unsure,
        "language": transcript.language,
        **({"language_chosen": True} if training.spoken_language else {}),
        "seconds_of_audio": training.duration,
    }


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
