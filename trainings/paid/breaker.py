"""A circuit breaker per service, shared by all workers: when it fails in a row, nobody calls it for a while.

After the pause one caller tries; the others wait on. Jobs that wait use up no attempt, so an outage of hours ends by
itself.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from jobs.errors import WaitUntil
from trainings.models import Service

FAILURES = 3
"""Failures in a row that open the circuit."""
FIRST_PAUSE = 15.0
LONGEST_PAUSE = 900.0
"""Seconds; each failure after the third doubles the pause."""
TRIAL = 30.0
"""Seconds for which the others wait while one caller tries whether the service is back."""


def check(service: str) -> None:
    """Raise `WaitUntil` while nobody may call `service`."""
    with transaction.atomic():
        row = Service.objects.select_for_update().filter(name=service).first()
        if row is None or row.closed_until is None:
            return
        if row.closed_until > timezone.now():
            raise _waiting(row, row.closed_until)
        if row.failures >= FAILURES:
            row.closed_until = timezone.now() + datetime.timedelta(seconds=TRIAL)
            row.save(update_fields=["closed_until"])


def answered(service: str) -> None:
    """Note that it works."""
    Service.objects.filter(name=service).exclude(failures=0, closed_until=None).update(failures=0, closed_until=None)


def failed(service: str, code: str) -> None:
    """Note a failure. Raises `WaitUntil` when it opens the circuit; else the caller may try again soon."""
    with transaction.atomic():
        row, _ = Service.objects.select_for_update().get_or_create(name=service)
        row.failures += 1
        row.reason = code[:40]
        if row.failures >= FAILURES:
            pause = min(FIRST_PAUSE * 2 ** min(row.failures - FAILURES, 10), LONGEST_PAUSE)
            row.closed_until = timezone.now() + datetime.timedelta(seconds=pause)
        row.save()
    if row.closed_until and row.failures >= FAILURES:
        raise _waiting(row, row.closed_until)


def hold(service: str, until: datetime.datetime, code: str) -> WaitUntil:
    """Have everybody wait for a time that the service named, and return the error that says so."""
    with transaction.atomic():
        row, _ = Service.objects.select_for_update().get_or_create(name=service)
        row.closed_until = max(until, row.closed_until or until)
        row.reason = code[:40]
        row.save()
    return _waiting(row, row.closed_until)


def _waiting(row: Service, until: datetime.datetime) -> WaitUntil:
    if row.reason == "rate_limited":
        message = "The service asked us to send less for a moment. This goes on by itself."
    else:
        message = "The service is out of order at the moment. This goes on by itself as soon as it is back."
    return WaitUntil(until, row.reason or "service_down", message, f"{row.name}: {row.failures} failures in a row")
