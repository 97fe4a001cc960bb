"""Finding jobs by an id or the beginning of one, a training's title, or a person."""

from __future__ import annotations

import re
import uuid

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet

HELP = _("Id, training or person")
_MOST = 500
"""So many trainings or people are looked through; a narrower word finds the others."""
_SHORTEST = 6
_ID = re.compile(rf"[0-9a-f]{{8}}-?[0-9a-f-]*|[0-9a-f]{{{_SHORTEST},7}}", re.IGNORECASE)


def find(jobs: JobQuerySet, words: str) -> JobQuerySet:
    """Keep the jobs that these words mean. Everything is looked up by an index of the jobs."""
    words = words.strip()
    if not words:
        return jobs
    span = _span(words)
    if span and span[0] == span[1]:
        return _of(jobs, span[0])
    # Ids first, jobs by them after: the planner knows how many rows each id has.
    training = BackgroundJob._meta.get_field("training").related_model
    assert isinstance(training, type)  # noqa: S101 (it is a model by now)
    trainings = list(training._default_manager.filter(title__icontains=words).values_list("pk", flat=True)[:_MOST])
    people = get_user_model().objects.filter(Q(email__icontains=words) | Q(name__icontains=words))
    meant = Q(training__in=trainings) | Q(user__in=list(people.values_list("pk", flat=True)[:_MOST]))
    if span:
        meant |= Q(pk__range=span)
    return jobs.filter(meant)


def _of(jobs: JobQuerySet, id: uuid.UUID) -> JobQuerySet:
    """Keep the jobs of whatever has this id: asked one after the other, each question is one look into an index."""
    for owner in ("pk", "training", "user", "company"):
        if BackgroundJob.objects.filter(**{owner: id}).exists():
            return jobs.filter(**{owner: id})
    return jobs.none()


def _span(words: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return the first and the last id that begin like this, None when this begins no id."""
    digits = words.replace("-", "")
    if not _ID.fullmatch(words) or len(digits) > 32:
        return None
    return uuid.UUID(digits.ljust(32, "0")), uuid.UUID(digits.ljust(32, "f"))
