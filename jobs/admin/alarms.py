"""What needs an operator, on the first page of the desk: what is wrong, since when, what to do, and where."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.models import Alert


@dataclass(frozen=True)
class Alarm:
    """All that is wrong of one kind. `since` is the oldest of it."""

    kind: str
    told: str
    since: datetime.datetime
    todo: str
    query: str
    """What the list of jobs is asked for."""


def open_ones() -> list[Alarm]:
    """Return what operators are told of and is not over (`jobs.alerts` looks every few seconds), the worst first."""
    found: dict[str, list[Alert]] = defaultdict(list)
    for alert in Alert.objects.filter(raised_at__isnull=False).order_by("first_seen_at"):
        found[alert.key.partition(":")[0]].append(alert)
    return [_alarm(kind, found[kind]) for kind in _SAID if found[kind]]


def _alarm(kind: str, alerts: Sequence[Alert]) -> Alarm:
    told, todo, query = _SAID[kind](len(alerts))
    return Alarm(kind, told, alerts[0].first_seen_at, todo, query)


def _no_worker(_count: int) -> tuple[str, str, str]:
    return (
        _("No worker is alive"),
        _("Start TrainAI again, or a qcluster on any host: what waits begins by itself."),
        "state=waiting&o=5",
    )


def _stuck(count: int) -> tuple[str, str, str]:
    return (
        ngettext("%(count)d job is stuck", "%(count)d jobs are stuck", count) % {"count": count},
        _("See whether its worker still answers; cancel it, or cancel and retry it."),
        "state=stuck",
    )


def _queue(_count: int) -> tuple[str, str, str]:
    return (
        _("The queue is too old"),
        _("See what the oldest waits for. If there is simply too much of it, raise WORKERS or add a host."),
        "state=waiting&o=5",
    )


def _failed(count: int) -> tuple[str, str, str]:
    return (
        ngettext("%(count)d job failed for good", "%(count)d jobs failed for good", count) % {"count": count},
        _("Read the reason, mend it and retry. A job that is retried or cleaned up is not counted any more."),
        "state=failed",
    )


_SAID: dict[str, Callable[[int], tuple[str, str, str]]] = {
    "no_worker": _no_worker,
    "stuck": _stuck,
    "queue": _queue,
    "failed": _failed,
}
