"""What an operator may do to jobs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jobs import operations, queue
from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet
from trainai.accounts.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Status = BackgroundJob.Status

_ENDED_BADLY = (Status.FAILED, Status.CANCELLED)
# What waits for a job that ended badly is revived with that one, and not by itself.
_STANDS_ALONE = Q(depends_on__isnull=True) | ~Q(depends_on__status__in=_ENDED_BADLY)
_RETRIES = (Q(status__in=_ENDED_BADLY) & _STANDS_ALONE) | Q(status=Status.PENDING, next_retry_at__isnull=False)


@dataclass(frozen=True)
class Verb:
    """A verb, which jobs it fits, and what a person is told before and after."""

    name: str
    label: StrPromise
    icon: str
    fits: Q
    explains: StrPromise
    refuses: StrPromise
    past: StrPromise
    destroys: bool
    act: Callable[[uuid.UUID, User, int], object]
    takes_priority: bool = False

    def fitting(self, jobs: JobQuerySet) -> JobQuerySet:
        """Keep the jobs whose state allows it."""
        return jobs.filter(self.fits)


CANCEL = Verb(
    "cancel",
    _("Cancel"),
    "cancel",
    Q(status__in=(Status.PENDING, Status.PROCESSING)),
    _("The work stops within seconds, and what waits for it is cancelled too. What was made so far is thrown away."),
    _("They are over already and stay as they are."),
    _("cancelled"),
    destroys=True,
    act=lambda job, by, _priority: queue.cancel(job, by=by),
)
RETRY = Verb(
    "retry",
    _("Retry"),
    "refresh",
    _RETRIES,
    _(
        "The work goes on behind its last finished step, and what failed with it is revived. What waits for its next "
        "try is tried at once."
    ),
    _("They need no retry, or come back with the part they wait for, and stay as they are."),
    _("retried"),
    destroys=False,
    act=lambda job, by, _priority: queue.retry(job, by=by),
)
RESTART = Verb(
    "restart",
    _("Retry from the start"),
    "restart_alt",
    _RETRIES,
    _("The results of finished steps are thrown away and made again: calls to paid services are paid again."),
    _("They need no retry, or come back with the part they wait for, and stay as they are."),
    _("retried from the start"),
    destroys=True,
    act=lambda job, _by, _priority: operations.retry_from_start(job),
)
PRIORITISE = Verb(
    "prioritise",
    _("Set priority"),
    "swap_vert",
    Q(status=Status.PENDING),
    _("Waiting jobs with a lower number start first, whoever came first."),
    _("They do not wait and stay as they are."),
    _("given another priority"),
    destroys=False,
    act=lambda job, _by, priority: operations.prioritise(job, priority),
    takes_priority=True,
)
VERBS = {verb.name: verb for verb in (CANCEL, RETRY, RESTART, PRIORITISE)}
