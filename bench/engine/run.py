"""One run: every engine, then ours under load, each in a process and a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from bench.engine.load import LOADS
from bench.engine.own_database import own_database
from bench.peers import redis_
from bench.report import ROOT
from bench.table import table

WAKE_UPS = 200
TASKS = 2_000
PEERS = {"ours": "TrainAI", "procrastinate_": "procrastinate", "q2": "django-q2 (ORM)", "celery_": "Celery on Redis"}
NOTHING = "nothing"


def main() -> dict[str, Any]:
    """Measure everything, print the tables and return the figures."""
    result = measure(list(PEERS), list(LOADS), wake_ups=WAKE_UPS, tasks=TASKS)
    print(text(result))
    return result


def measure(peers: Sequence[str], loads: Sequence[str], *, wake_ups: int, tasks: int) -> dict[str, Any]:
    """Return the figures of the engines, and of ours under each load."""
    there = [peer for peer in peers if peer != "celery_" or redis_.found()]
    engines = {peer: _measured(peer, NOTHING, wake_ups, tasks) for peer in there}
    ours = {load: _measured("ours", load, wake_ups, tasks) for load in loads if load != NOTHING or "ours" not in there}
    if "ours" in engines:
        ours = {NOTHING: engines["ours"], **ours}
    return {"engines": engines, "ours": ours, "without_redis": "celery_" in peers and "celery_" not in there}


def _measured(peer: str, load: str, wake_ups: int, tasks: int) -> dict[str, Any]:
    """Measure one engine in a process of its own: their settings differ."""
    idle = 0 if LOADS[load].due else wake_ups  # nobody waits for work that lies there
    with own_database() as url:
        argv = [sys.executable, "-m", "bench.engine.measure", peer, load, str(idle), str(tasks)]
        environment = {**os.environ, "DATABASE_URL": url}
        done = subprocess.run(argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def text(result: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    heads = ["wake-up p50", "p95", "p99", "drain"]
    engines = table(["engine", *heads], [[PEERS[peer], *_cells(one)] for peer, one in result["engines"].items()])
    own = table(
        ["TrainAI with", *heads, "claim", "empty", "statements", "WAL"],
        [[load, *_cells(one), *_costs(one)] for load, one in result["ours"].items()],
    )
    left_out = "\nNo `redis-server` on this machine: Celery is left out.\n" if result["without_redis"] else ""
    return f"{engines}\n{left_out}\n{own}{_lateness(result)}"


def _lateness(result: dict[str, Any]) -> str:
    late = result["ours"].get(NOTHING, {}).get("schedule_late_ms")
    if not late:
        return ""
    heads = ["p50", "p95", "p99"]
    return "\n\n" + table(["schedules run late by", *heads], [["TrainAI", *(f"{late[p]:.0f} ms" for p in heads)]])


def _cells(one: dict[str, Any]) -> list[str]:
    wake = one.get("wake_up_ms")
    return [*(f"{wake[p]:.2f} ms" if wake else "" for p in ("p50", "p95", "p99")), f"{one['drain_per_second']}/s"]


def _costs(one: dict[str, Any]) -> list[str]:
    empty = one.get("empty_claim_ms")
    return [
        f"{one['claim_ms']:.2f} ms",
        f"{empty:.2f} ms" if empty else "",
        f"{one['statements_per_job']:.0f}",
        f"{one['wal_bytes_per_job']} B",
    ]
