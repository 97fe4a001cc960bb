"""The questions an operator asks of the list."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from jobs import limits, registry, stats, telling
from jobs.admin.spans import SPANS, Span
from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Status = BackgroundJob.Status
Narrow = Callable[[JobQuerySet], JobQuerySet]
_AGES = {
    1: (_("Less than 1 hour old"), _("More than 1 hour old")),
    24: (_("Less than 1 day old"), _("More than 1 day old")),
    7 * 24: (_("Less than 7 days old"), _("More than 7 days old")),
    30 * 24: (_("Less than 30 days old"), _("More than 30 days old")),
}


def _before(jobs: JobQuerySet, hours: int) -> JobQuerySet:
    return jobs.filter(created_at__lt=timezone.now() - datetime.timedelta(hours=hours))


def _after(jobs: JobQuerySet, hours: int) -> JobQuerySet:
    return jobs.filter(created_at__gte=timezone.now() - datetime.timedelta(hours=hours))


def _ended(jobs: JobQuerySet, span: Span) -> JobQuerySet:
    return jobs.filter(completed_at__gte=span.starts()[0])


class Question(DropdownFilter):  # type: ignore[misc]  # unfold has no types
    """A filter with fixed answers; each narrows the list in its way."""

    answers: dict[str, tuple[StrPromise, Narrow]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the answers to choose from."""
        return [(value, str(label)) for value, (label, _narrow) in self.answers.items()]

    def queryset(self, request: HttpRequest, queryset: JobQuerySet) -> JobQuerySet:
        """Narrow the list; an answer that is none leaves it."""
        chosen = self.answers.get(self.value() or "")
        return chosen[1](queryset) if chosen else queryset


class StateFilter(Question):
    """By state; stuck is one here."""

    title, parameter_name = _("state"), "state"
    answers = {
        "waiting": (_("Waiting"), lambda jobs: jobs.waiting()),
        "working": (_("Working"), lambda jobs: jobs.working()),
        "stuck": (_("Stuck"), lambda jobs: jobs & stats.stuck(timezone.now())),
        "failed": (_("Failed"), lambda jobs: jobs.failed()),
        "cancelled": (_("Cancelled"), lambda jobs: jobs.cancelled()),
        "done": (_("Done"), lambda jobs: jobs.filter(status=Status.COMPLETED)),
    }


class FailureFilter(Question):
    """By the reason why nothing more is tried."""

    title, parameter_name = _("failed for good"), "failure"
    answers = {
        "retries": (_("Retries used up"), lambda jobs: _failed(jobs, retry_count__gte=F("max_retries"))),
        "hopeless": (
            _("Trying again cannot help"),
            lambda jobs: _failed(jobs, ~Q(error_data__code__in=telling.BLOCKED), error_data__retryable=False),
        ),
        "other": (_("Another part failed"), lambda jobs: _failed(jobs, error_data__code__in=telling.BLOCKED)),
        "today": (
            _("In the last 24 hours"),
            lambda jobs: _failed(jobs, completed_at__gt=timezone.now() - datetime.timedelta(days=1)),
        ),
    }


class WaitingFilter(Question):
    """By what a waiting job waits for."""

    title, parameter_name = _("waits for"), "waits"
    answers = {
        "turn": (_("Its turn"), lambda jobs: _open(jobs, limits.read())),
        "pause": (_("The end of a pause"), lambda jobs: _paused(jobs, limits.read())),
        "limit": (_("A place under a limit"), lambda jobs: _full(jobs, limits.read())),
        "job": (_("Another part"), lambda jobs: _pending(jobs, queue_row__run_at__isnull=True)),
        "try": (_("Its next try"), lambda jobs: _pending(jobs, next_retry_at__gt=timezone.now())),
        "time": (
            _("Its time"),
            lambda jobs: _pending(jobs, queue_row__run_at__gt=timezone.now(), next_retry_at__isnull=True),
        ),
    }


class EndFilter(Question):
    """By when it ended: as the first page of the desk counts."""

    title, parameter_name = _("ended within"), "ended"
    answers = {name: (span.label, partial(_ended, span=span)) for name, span in SPANS.items()}


class AgeFilter(Question):
    """By when it was made."""

    title, parameter_name = _("age"), "age"
    answers = {
        f"{word}-{hours}": (labels[place], partial(made, hours=hours))
        for place, (word, made) in enumerate((("less", _after), ("more", _before)))
        for hours, labels in _AGES.items()
    }


class TypeFilter(Question):
    """By kind of work."""

    title, parameter_name = _("type"), "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return every kind the installation knows."""
        return [(name, registry.label(name)) for name in registry.job_types()]

    def queryset(self, request: HttpRequest, queryset: JobQuerySet) -> JobQuerySet:
        """Keep one kind."""
        return queryset.filter(job_type=self.value()) if self.value() else queryset


def _pending(jobs: JobQuerySet, **more: Any) -> JobQuerySet:
    return jobs.waiting().filter(**more)


def _due(jobs: JobQuerySet) -> JobQuerySet:
    return _pending(jobs, queue_row__run_at__lte=timezone.now())


def _open(jobs: JobQuerySet, held: limits.Limits) -> JobQuerySet:
    return _due(jobs).exclude(job_type__in=held.closed_types()).exclude(company__in=held.closed_companies())


def _paused(jobs: JobQuerySet, held: limits.Limits) -> JobQuerySet:
    return _due(jobs).filter(Q(job_type__in=held.paused_types()) | Q(company__in=held.paused_companies()))


def _full(jobs: JobQuerySet, held: limits.Limits) -> JobQuerySet:
    """Keep what waits for a place. Under a pause a place would not help it: see `Limits.reason`."""
    due = _due(jobs).exclude(job_type__in=held.paused_types()).exclude(company__in=held.paused_companies())
    return due.filter(Q(job_type__in=held.full_types()) | Q(company__in=held.full_companies()))


def _failed(jobs: JobQuerySet, *conditions: Q, **more: Any) -> JobQuerySet:
    return jobs.failed().filter(*conditions, **more)
