"""What the product does by itself at its time."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.utils import timezone
from django_q.models import Schedule

from jobs import phrases
from jobs.schedules import Duty, lateness, make_missing
from trainings import sweeping, webhooks
from trainings.models import HostedVideo
from trainings.paid import ledger

SWEEP = "trainings.schedules.sweep"


def ensure(sender: AppConfig, **_: Any) -> None:
    """Make the product's schedules that are missing; those an operator changed stay as they are."""
    soon = timezone.now() + datetime.timedelta(minutes=10)
    make_missing([Duty(phrases.kept("Sweeping of uploads nobody came back for"), SWEEP, Schedule.HOURLY, soon)])


def sweep(planned: str = "") -> dict[str, Any]:
    """Give up uploads whose time is over, as every answer of theirs has announced, and delete orphaned files.

    Also close what dead processes left open in the ledger, and forget events that nobody repeats any more.
    """
    late = lateness(planned)
    swept = {"hosted": _sweep_hosts(), "calls": ledger.close_lost(), "events": webhooks.forget_old()}
    return {"late": late, **sweeping.sweep(), **swept}


def _sweep_hosts() -> int:
    """Delete what lies at Mux for nobody, where Mux is used."""
    if not settings.MUX_TOKEN_ID or not HostedVideo.objects.exists():
        return 0
    from trainings.providers.mux_ import leftovers

    return leftovers.sweep()
