"""Finding jobs by an id or the beginning of one, a training's title, or a person."""

from __future__ import annotations

import re
import uuid

from django.contrib.auth import get_user_model
from django.db.models import Q

from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet

HELP = "Id, training or person"
_MOST = 500
"""So many trainings or people are looked through; a narrower word finds the others."""
_SHORTEST = 6
_ID = re.compile(rf"[0-9a-f]{{8}}-?[0-9a-f-]*|[0-9a-f]{{{_SHORTEST},7}}", re.IGNORECASE)


def find(jobs: JobQuerySet, words: str) -> JobQuerySet:
    """Keep the jobs that these words mean. Everything is looked up by an index of the jobs."""
    words = words.strip()
    if not words:
        return jobs
    # Ids first, jobs by them after: the planner knows how many rows each id has.
    training = BackgroundJob._meta.get_field("training").related_model
    assert isinstance(training, type)  # noqa: S101 (it is a model by now)
    trainings = list(training._default_manager.filter(title__icontains=words).values_list("pk", flat=True)[:_MOST])
    people = get_user_model().objects.filter(Q(email__icontains=words) | Q(name__icontains=words))
    meant = Q(training__in=trainings) | Q(user__in=list(people.values_list("pk", flat=True)[:_MOST]))
    if span := _span(words):
        meant |= Q(pk__range=span)
        if span[0] == span[1]:
            meant |= Q(training=span[0]) | Q(user=span[0]) | Q(company=span[0])
    return jobs.filter(meant)


def _span(words: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return the first and the last id that begin like this, None when this begins no id."""
    digits = words.replace("-", "")
    if not _ID.fullmatch(words) or len(digits) > 32:
        return None
    return uuid.UUID(digits.ljust(32, "0")), uuid.UUID(digits.ljust(32, "f"))
