"""What the page of a training shows, read with a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from jobs import happened, limits
from jobs.models import BackgroundJob
from jobs.pace import Past
from trainings import arriving, languages, makers, media_links, progress, spoken_lines, video_links
from trainings.models import KeyPoint, Segment, Sop, Step, Training, Transcript, Video


@dataclass(frozen=True)
class Film:
    """What the player plays. Addresses are empty until their file was made;"""

    source: str
    hls: str
    poster: str
    captions: str
    language: str
    chapters: str
    storyboard: str
    sound_only: bool


def context(training: Training) -> dict[str, Any]:
    """Return the values of the templates in `templates/trainings/`."""
    now, past = timezone.now(), Past()
    jobs = list(BackgroundJob.objects.filter(training=training).select_related("depends_on", "training", "queue_row"))
    log = happened.Log(jobs)
    sop = _sop(training)
    transcript = Transcript.objects.filter(training=training).first()
    segments = list(transcript.segments.all()) if transcript else []
    chapters = list(sop.chapters.all()) if sop else []
    steps = [_with_address(training, step) for chapter in chapters for step in chapter.steps.all()]
    if training.is_arriving:
        parts = arriving.parts(training.upload, now, transcript.heard_until if transcript else 0.0)
    else:
        parts = progress.parts(training, jobs, now, past, limits.Lookup().reason, log)
    return {
        "training": training,
        "overview": arriving.overview(training.upload, now)
        if training.is_arriving
        else progress.overview(jobs, now, past, log),
        "stand_ins": makers.sentences(training),
        "parts": parts,
        "part_of": {part.key: part for part in parts},
        "sop": sop,
        "chapters": chapters,
        "steps": steps,
        "key_points": list(sop.key_points.all()) if sop else [],
        "transcript": transcript,
        "heard_in": languages.name_of(transcript.language) if transcript and transcript.language else "",
        "spoken_language": training.spoken_language or (transcript.language if transcript else ""),
        "spoken_languages": languages.choices,
        "lines": spoken_lines.lines(segments),
        "words": spoken_lines.count_words(segments),
        "film": _film(training, transcript, segments, sop),
    }


def _sop(training: Training) -> Sop | None:
    return (
        Sop.objects.filter(training=training)
        .prefetch_related(
            "chapters",
            Prefetch("chapters__steps", queryset=Step.objects.order_by("position")),
            Prefetch("key_points", queryset=KeyPoint.objects.order_by("position")),
        )
        .first()
    )


def _with_address(training: Training, step: Step) -> Step:
    step.picture_url = media_links.media_url(training, step.picture) if step.picture else ""  # type: ignore[attr-defined]
    return step


def _film(training: Training, transcript: Transcript | None, segments: list[Segment], sop: Sop | None) -> Film:
    video = Video.objects.filter(training=training).first()
    heard = transcript is not None and transcript.completed_at is not None and bool(segments)
    return Film(
        source="" if training.is_arriving else media_links.media_url(training, media_links.SOURCE),
        hls=video_links.stream_url(video) if video else "",
        poster=media_links.media_url(training, video.poster) if video and video.poster else "",
        captions=reverse("trainings_api:transcript_vtt", args=[training.pk]) if heard else "",
        language=transcript.language if transcript else "",
        chapters=reverse("trainings_api:chapters", args=[training.pk]) if sop else "",
        storyboard=video_links.storyboard_url(video) if video else "",
        sound_only=video is not None and not video.width,
    )
