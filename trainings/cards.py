"""Trainings as cards of a list: a fixed number of queries for any number of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from jobs.pace import Past
from trainai.accounts.models import User
from trainings import arriving, media_links, progress
from trainings.models import Training
from trainings.progress import Overview
from trainings.querysets import TrainingQuerySet


@dataclass(frozen=True)
class Card:
    """A training in a list. `poster` is an address, empty until one was made."""

    training: Training
    overview: Overview
    poster: str


def trainings(user: User) -> TrainingQuerySet:
    """Return what this person may see, with everything a card reads."""
    return (
        Training.objects.visible_to(user)
        .select_related("user", "video", "upload")
        .prefetch_related("jobs__depends_on")
        .order_by("-created_at", "-id")
    )


def of(rows: Iterable[Training]) -> list[Card]:
    """Return the cards of trainings read by `trainings`."""
    now, past = timezone.now(), Past()
    return [Card(row, _overview(row, now, past), _poster(row)) for row in rows]


def _overview(row: Training, now: datetime.datetime, past: Past) -> Overview:
    return arriving.overview(row.upload, now) if row.is_arriving else progress.overview(row.jobs.all(), now, past)


def _poster(row: Training) -> str:
    video = getattr(row, "video", None)
    return media_links.media_url(row, video.poster) if video and video.poster else ""
