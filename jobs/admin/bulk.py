"""Doing something to many jobs: batch after batch on the server, each job on its own.

What is done to a job and its line in the admin's log are one transaction: neither is ever there without the other.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import translation

from jobs import action_log
from jobs.admin.verbs import Verb
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet
from trainai.accounts.models import User

BATCH = 100


@dataclass
class Outcome:
    """What a batch came to. `last` is where the next one begins, None after the last."""

    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    last: uuid.UUID | None = None


def batch(
    verb: Verb, jobs: JobQuerySet, *, by: User, reason: str, priority: int, after: uuid.UUID | None = None
) -> Outcome:
    """Do the next batch of `jobs`, in the order of their ids. A refusal is counted by its reason."""
    rest = jobs.order_by("id")
    if after is not None:
        rest = rest.filter(id__gt=after)
    found = list(rest.only("id", "job_type")[:BATCH])
    message = _message(verb, reason, priority)
    outcome = Outcome(last=found[-1].pk if len(found) == BATCH else None)
    for job in found:
        try:
            with transaction.atomic():
                verb.act(job.pk, by, priority)
                action_log.write(job, by=by, message=message)
            outcome.done += 1
        except (NotAllowed, BackgroundJob.DoesNotExist) as refusal:
            outcome.refused[str(refusal)] += 1
    return outcome


def _message(verb: Verb, reason: str, priority: int) -> str:
    with translation.override("en"):  # who reads it, and in which language, nobody knows yet
        what = f"{verb.label} {priority}" if verb.takes_priority else str(verb.label)
    return f"{what}: {reason}" if reason else what
