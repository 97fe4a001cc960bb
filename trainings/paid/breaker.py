"""A circuit breaker per service, shared by all workers: when it fails in a row, nobody calls it for a while.

After the pause one caller tries; the others wait on. Jobs that wait use up no attempt, so an outage of hours ends by
itself. A time that the service named itself is a hold: it stands until then, whatever calls answer that were under way.
With `FAILURES` in a row `closed_until` is our own pause, with fewer it is a hold.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Case, F, Q, When
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
    """Note that it works, which ends a pause of ours and no hold."""
    held = Q(failures__lt=FAILURES, closed_until__gt=timezone.now())
    nothing_to_note = Q(failures=0) & (Q(closed_until=None) | held)
    Service.objects.filter(name=service).exclude(nothing_to_note).update(
        failures=0, closed_until=Case(When(held, then=F("closed_until")), default=None)
    )


def failed(service: str, code: str) -> None:
    """Note a failure. Raises `WaitUntil` when nobody may call now; else the caller may try again soon."""
    with transaction.atomic():
        row, _ = Service.objects.select_for_update().get_or_create(name=service)
        if _hold_of(row) is None:  # what fails during a hold was sent before it, and says nothing of the time after it
            row.failures += 1
            row.reason = code[:40]
            if row.failures >= FAILURES:
                pause = min(FIRST_PAUSE * 2 ** min(row.failures - FAILURES, 10), LONGEST_PAUSE)
                row.closed_until = timezone.now() + datetime.timedelta(seconds=pause)
            row.save()
    if row.closed_until and row.closed_until > timezone.now():
        raise _waiting(row, row.closed_until)


def hold(service: str, until: datetime.datetime, code: str) -> WaitUntil:
    """Have everybody wait for a time that the service named, and return the error that says so."""
    with transaction.atomic():
        row, _ = Service.objects.select_for_update().get_or_create(name=service)
        row.closed_until = max(until, _hold_of(row) or until)
        row.failures = 0
        row.reason = code[:40]
        row.save()
    return _waiting(row, row.closed_until)


def _hold_of(row: Service) -> datetime.datetime | None:
    """Return until when the service itself wants to be left alone."""
    is_held = row.closed_until is not None and row.failures < FAILURES and row.closed_until > timezone.now()
    return row.closed_until if is_held else None


def _waiting(row: Service, until: datetime.datetime) -> WaitUntil:
    if row.reason == "rate_limited":
        message = "The service asked us to send less for a moment. This goes on by itself."
    else:
        message = "The service is out of order at the moment. This goes on by itself as soon as it is back."
    return WaitUntil(until, row.reason or "service_down", message, f"{row.name}: {row.failures} failures in a row")
