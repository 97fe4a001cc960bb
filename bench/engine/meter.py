"""The two measurements, the same for every engine."""

from __future__ import annotations

import socket
import statistics
import time

from bench.peers import bell
from bench.peers.peer import Peer

WORKERS = 2
WARM_UPS = 20
_PAUSE_SECONDS = 0.03
_LOOK_SECONDS = 0.05
_WARM_SHARE, _END_SHARE = 0.1, 0.02


def wake_up(peer: Peer, rung: socket.socket, times: int) -> dict[str, float]:
    """Return percentiles of the milliseconds from asking to the first line, the workers idle in between."""
    with peer.workers(WORKERS):
        for _ in range(WARM_UPS):
            _delay(peer, rung)
        delays = [1000 * _delay(peer, rung) for _ in range(times)]
    return percentiles(delays)


def drain(peer: Peer, tasks: int) -> float:
    """Return tasks per second with two workers on a backlog of `tasks`."""
    for _ in range(tasks):
        peer.enqueue(ring=False)
    return draining(peer, tasks)


def draining(peer: Peer, tasks: int) -> float:
    """Return tasks per second over the first `tasks` of what lies there, the start of the workers left out."""
    before = peer.left()
    warm, end = before - _WARM_SHARE * tasks, before - (1 - _END_SHARE) * tasks
    with peer.workers(WORKERS):
        began, left_then = _when_at_most(peer, warm)
        ended, left = _when_at_most(peer, end)
    return (left_then - left) / (ended - began)


def percentiles(values: list[float]) -> dict[str, float]:
    """Return p50, p95 and p99."""
    hundredths = statistics.quantiles(values, n=100, method="inclusive")
    return {f"p{percent}": round(hundredths[percent - 1], 2) for percent in (50, 95, 99)}


def _delay(peer: Peer, rung: socket.socket) -> float:
    before = time.time()
    peer.enqueue(ring=True)
    began = bell.heard(rung)
    time.sleep(_PAUSE_SECONDS)
    return began - before


def _when_at_most(peer: Peer, number: float) -> tuple[float, int]:
    """Wait until so few are left; return the moment and the number."""
    while (left := peer.left()) > number:
        time.sleep(_LOOK_SECONDS)
    return time.monotonic(), left
