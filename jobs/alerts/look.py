"""One look: what is wrong now against what was told.

State is in the tables, so that a restart or a second host tells nothing twice.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from jobs.alerts import channels
from jobs.alerts.conditions import Wrong, found
from jobs.models import Alert, AlertNotice, BackgroundJob

GAP = datetime.timedelta(seconds=60)
"""Nobody looked for so long: what must last a while begins to last anew."""
_KEPT = datetime.timedelta(days=30)
_LOCK = 7_305_118
"""PostgreSQL's advisory lock of whoever looks; a number of our own."""
OVER = {
    "failed": "is not failed any more",
    "stuck": "is not stuck any more",
    "no_worker": "Workers are alive again.",
    "queue": "The queue is short again.",
}


def look() -> None:
    """Note what began and what is over, and put a notice of it on every channel; one process at a time."""
    with transaction.atomic():
        if not _alone():
            return
        known = {alert.key: alert for alert in Alert.objects.all()}
        failed = [uuid.UUID(key.partition(":")[2]) for key in known if key.startswith("failed:")]
        wrong = {one.key: one for one in found(failed)}
        _tell("raised", _begun(wrong.values(), known))
        _tell("cleared", _over([alert for key, alert in known.items() if key not in wrong]))
        AlertNotice.objects.filter(sent_at__lt=timezone.now() - _KEPT).delete()


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _begun(wrong: Iterable[Wrong], known: dict[str, Alert]) -> dict[str, list[str]]:
    """Note what is wrong; return the lines of what is to be told now."""
    now = timezone.now()
    lines = defaultdict(list)
    for one in wrong:
        alert = known.get(one.key) or Alert(key=one.key, first_seen_at=now, seen_at=now)
        if now - alert.seen_at > GAP and alert.raised_at is None:
            alert.first_seen_at = now
        alert.text, alert.seen_at = one.text[:500], now
        if alert.raised_at is None and (now - alert.first_seen_at).total_seconds() >= one.lasting:
            alert.raised_at = now
            lines[one.kind].append(alert.text)
        alert.save()
    return lines


def _over(alerts: list[Alert]) -> dict[str, list[str]]:
    """Forget what is over; return the lines of what was told. A job that was deleted is over without a word."""
    things = {alert: alert.key.partition(":") for alert in alerts}
    there = {
        str(pk)
        for pk in BackgroundJob.objects.filter(pk__in=[thing for _, _, thing in things.values() if thing]).values_list(
            "pk", flat=True
        )
    }
    lines = defaultdict(list)
    for alert, (kind, _, thing) in things.items():
        if alert.raised_at is not None and (not thing or thing in there):
            lines[kind].append(f"{thing} {OVER[kind]}".strip())
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).delete()
    return lines


def _tell(event: str, lines: dict[str, list[str]]) -> None:
    AlertNotice.objects.bulk_create(
        AlertNotice(channel=channel, event=event, kind=kind, lines=said)
        for kind, said in lines.items()
        for channel in channels.configured()
    )
