"""How late schedules run: from their time to the first line of their task."""

from __future__ import annotations

import datetime
import socket
import time

from bench.engine.meter import WORKERS, percentiles
from bench.peers import bell
from bench.peers.ours import Ours

SCHEDULES = 40
FIRST_SECONDS = 3.0
APART_SECONDS = 0.73
"""No multiple of how often anybody looks."""


def measure(ours: Ours, rung: socket.socket) -> dict[str, float]:
    """Return percentiles of the milliseconds, the workers idle in between."""
    from django_q.models import Schedule

    with ours.workers(WORKERS):
        first = time.time() + FIRST_SECONDS
        due = [first + number * APART_SECONDS for number in range(SCHEDULES)]
        for at in due:
            moment = datetime.datetime.fromtimestamp(at, datetime.UTC)
            Schedule.objects.create(func="bench.peers.bell.ring", schedule_type=Schedule.ONCE, next_run=moment)
        return percentiles([1000 * (bell.heard(rung) - at) for at in due])
