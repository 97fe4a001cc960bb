"""Takes notices to their channels, in order on each, until they are taken there."""

from __future__ import annotations

import datetime
import logging

from django.db import transaction
from django.utils import timezone

from jobs.alerts import channels
from jobs.log_lines import without_secrets
from jobs.models import AlertNotice

logger = logging.getLogger("jobs")

FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0
TURN_SECONDS = 60.0
"""A sender that died in the middle is followed by another after so long; no try takes longer."""


def send_due() -> int:
    """Try each channel's first waiting notice whose time has come, until none is left; return how many were taken."""
    return sum(_channel(name) for name in channels.configured())


def _channel(name: str) -> int:
    taken = 0
    while notice := _next(name):
        try:
            channels.SENDERS[name](notice)
        except Exception as error:  # noqa: BLE001  (whatever the other side does: it is tried again)
            pause = min(FIRST_PAUSE_SECONDS * 2.0 ** (notice.tries - 1), LONGEST_PAUSE_SECONDS)
            again = timezone.now() + datetime.timedelta(seconds=pause)
            AlertNotice.objects.filter(pk=notice.pk).update(next_try_at=again)
            logger.warning("alert by %s not taken, again in %.0f s: %s", name, pause, without_secrets(str(error)))
            break
        AlertNotice.objects.filter(pk=notice.pk).update(sent_at=timezone.now())
        taken += 1
    return taken


def _next(channel: str) -> AlertNotice | None:
    """Take a turn with the first notice of a channel, so that no other process sends it meanwhile."""
    with transaction.atomic():
        notice = AlertNotice.objects.select_for_update().filter(channel=channel, sent_at=None).order_by("pk").first()
        if notice is None or notice.next_try_at > timezone.now():
            return None
        notice.tries += 1
        notice.next_try_at = timezone.now() + datetime.timedelta(seconds=TURN_SECONDS)
        notice.save(update_fields=["tries", "next_try_at"])
        return notice
