"""The questions an operator asks of the list."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter

from jobs import registry, stats, telling
from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet

Status = BackgroundJob.Status
Narrow = Callable[[JobQuerySet], JobQuerySet]
_AGES = {1: "1 hour", 24: "1 day", 7 * 24: "7 days", 30 * 24: "30 days"}


def _before(jobs: JobQuerySet, hours: int) -> JobQuerySet:
    return jobs.filter(created_at__lt=timezone.now() - datetime.timedelta(hours=hours))


def _after(jobs: JobQuerySet, hours: int) -> JobQuerySet:
    return jobs.filter(created_at__gte=timezone.now() - datetime.timedelta(hours=hours))


class Question(DropdownFilter):  # type: ignore[misc]  # unfold has no types
    """A filter with fixed answers; each narrows the list in its way."""

    answers: dict[str, tuple[str, Narrow]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the answers to choose from."""
        return [(value, label) for value, (label, _narrow) in self.answers.items()]

    def queryset(self, request: HttpRequest, queryset: JobQuerySet) -> JobQuerySet:
        """Narrow the list; an answer that is none leaves it."""
        chosen = self.answers.get(self.value() or "")
        return chosen[1](queryset) if chosen else queryset


class StateFilter(Question):
    """By state; stuck is one here."""

    title, parameter_name = "state", "state"
    answers = {
        "waiting": ("Waiting", lambda jobs: jobs.waiting()),
        "working": ("Working", lambda jobs: jobs.working()),
        "stuck": ("Stuck", lambda jobs: jobs & stats.stuck(timezone.now())),
        "failed": ("Failed", lambda jobs: jobs.failed()),
        "cancelled": ("Cancelled", lambda jobs: jobs.cancelled()),
        "done": ("Done", lambda jobs: jobs.filter(status=Status.COMPLETED)),
    }


class FailureFilter(Question):
    """By the reason why nothing more is tried."""

    title, parameter_name = "failed for good", "failure"
    answers = {
        "retries": ("Retries used up", lambda jobs: _failed(jobs, retry_count__gte=F("max_retries"))),
        "hopeless": (
            "Trying again cannot help",
            lambda jobs: _failed(jobs, ~Q(error_data__code__in=telling.BLOCKED), error_data__retryable=False),
        ),
        "other": ("Another part failed", lambda jobs: _failed(jobs, error_data__code__in=telling.BLOCKED)),
        "today": (
            "In the last 24 hours",
            lambda jobs: _failed(jobs, completed_at__gt=timezone.now() - datetime.timedelta(days=1)),
        ),
    }


class WaitingFilter(Question):
    """By what a waiting job waits for."""

    title, parameter_name = "waits for", "waits"
    answers = {
        "turn": ("Its turn", lambda jobs: _pending(jobs, queue_row__run_at__lte=timezone.now())),
        "job": ("Another part", lambda jobs: _pending(jobs, queue_row__run_at__isnull=True)),
        "try": ("Its next try", lambda jobs: _pending(jobs, next_retry_at__gt=timezone.now())),
        "time": (
            "Its time",
            lambda jobs: _pending(jobs, queue_row__run_at__gt=timezone.now(), next_retry_at__isnull=True),
        ),
    }


class AgeFilter(Question):
    """By when it was made."""

    title, parameter_name = "age", "age"
    answers = {
        f"{word}-{hours}": (f"{word.title()} than {label} old", partial(made, hours=hours))
        for word, made in (("less", _after), ("more", _before))
        for hours, label in _AGES.items()
    }


class TypeFilter(Question):
    """By kind of work."""

    title, parameter_name = "type", "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return every kind the installation knows."""
        return [(name, registry.label(name)) for name in registry.job_types()]

    def queryset(self, request: HttpRequest, queryset: JobQuerySet) -> JobQuerySet:
        """Keep one kind."""
        return queryset.filter(job_type=self.value()) if self.value() else queryset


def _pending(jobs: JobQuerySet, **more: Any) -> JobQuerySet:
    return jobs.waiting().filter(**more)


def _failed(jobs: JobQuerySet, *conditions: Q, **more: Any) -> JobQuerySet:
    return jobs.failed().filter(*conditions, **more)
