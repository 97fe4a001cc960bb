"""Idle, then busy: what the database is asked and what it costs."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import mean
from typing import Any

import psutil
import psycopg

from bench.crowd.database import database
from bench.report import ROOT
from bench.table import table

SIZES = (10, 100, 1000)
PROCESSES = 4
IDLE_SECONDS = 10.0
BUSY_SECONDS = 20.0
JOBS = {10: 1500, 100: 1500, 1000: 600}
COMPANIES = 20
LOOK_SECONDS = 0.25
START_SECONDS = 240.0
THERE = 0.95
"""So many of the workers make a crowd: on a machine that is busy with other things the last take long to connect."""


def measure(sizes: list[int] | None = None) -> dict[str, Any]:
    """Measure each size, print the table, return the figures by size."""
    found = {str(size): _measure(size) for size in sizes or SIZES}
    heads = ["workers", *found]
    names = list(next(iter(found.values())))
    print(table(heads, [[name, *(str(figures[name]) for figures in found.values())] for name in names]))
    return found


def _measure(size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="trainai-crowd-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as a user of its own when we are root
        with database(folder) as (url, postgres), psycopg.connect(url, autocommit=True) as session:
            _manage("migrate", "-v", "0")
            with _workers(size, session):
                print(f"{size} workers are there", file=sys.stderr, flush=True)
                idle = _watch(session, postgres, IDLE_SECONDS)
                _fill(session, JOBS.get(size, 2000))
                busy = _watch(session, postgres, BUSY_SECONDS, until_empty=True)
    return {
        "workers that were there": idle["workers"],
        "connections": idle["connections"],
        "transactions/s, idle": idle["transactions"],
        "processors used by PostgreSQL, idle": idle["processors"],
        "jobs/s, busy": busy["jobs"],
        "transactions/s, busy": busy["transactions"],
        "transactions a job": round(busy["transactions"] / busy["jobs"], 1) if busy["jobs"] else "-",
        "sessions waiting for a lock, mean": busy["waiting"],
        "sessions running or waiting to run, mean": busy["active"],
        "processors used by PostgreSQL, busy": busy["processors"],
        "memory of PostgreSQL": idle["memory"],
        "leases that ran out": busy["lost"],
    }


@contextmanager
def _workers(size: int, session: psycopg.Connection[Any]) -> Iterator[None]:
    """Run so many workers; return when the database knows them all."""
    argv = [sys.executable, "-m", "bench.crowd.workers"]
    each = [size // PROCESSES + (at < size % PROCESSES) for at in range(PROCESSES)]
    crowd = [
        subprocess.Popen([*argv, str(count)], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for count in each
    ]
    try:
        give_up = time.monotonic() + START_SECONDS
        while _number(session, "SELECT count(*) FROM job_workers") < THERE * size:
            if time.monotonic() > give_up:
                raise RuntimeError("the workers did not start")
            time.sleep(0.5)
        time.sleep(3.0)
        yield
    finally:
        for process in crowd:
            process.kill()
            process.wait()


def _watch(
    session: psycopg.Connection[Any], postgres: psutil.Process, seconds: float, *, until_empty: bool = False
) -> dict[str, Any]:
    before, used, began = _counts(session), _processor_seconds(postgres), time.monotonic()
    waiting, active = [], []
    while time.monotonic() - began < seconds:
        waiting.append(_number(session, _STATE.format("wait_event_type = 'Lock'")))
        active.append(_number(session, _STATE.format("state = 'active'")) - 1)
        if until_empty and not _number(session, "SELECT count(*) FROM job_queue"):
            break
        time.sleep(LOOK_SECONDS)
    spent, after = time.monotonic() - began, _counts(session)
    return {
        "connections": _number(session, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"),
        "workers": _number(session, "SELECT count(*) FROM job_workers"),
        "transactions": round((after["transactions"] - before["transactions"]) / spent),
        "jobs": round((after["jobs"] - before["jobs"]) / spent),
        "lost": after["lost"],
        "waiting": round(mean(waiting), 1),
        "active": round(mean(active), 1),
        "processors": round((_processor_seconds(postgres) - used) / spent, 2),
        "memory": f"{_memory(postgres) / 2**20:.0f} MB",
    }


_STATE = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {}"


def _counts(session: psycopg.Connection[Any]) -> dict[str, int]:
    return {
        "transactions": _number(session, "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"),
        "jobs": _number(session, "SELECT count(*) FROM background_jobs WHERE status = 'completed'"),
        "lost": _number(session, "SELECT count(*) FROM job_attempts WHERE outcome = 'lost'"),
    }


def _fill(session: psycopg.Connection[Any], jobs: int) -> None:
    """Put the jobs there in one transaction, shared out among the companies."""
    _manage("shell", "--no-imports", "-c", _FILL.format(jobs=jobs, companies=COMPANIES))


_FILL = """
from django.db import transaction
from jobs import queue
from trainai.accounts.models import Company, Membership, User
with transaction.atomic():
    people = []
    for at in range({companies}):
        company = Company.objects.create(name=f"company {{at}}")
        user = User.objects.create_user(f"person{{at}}@example.com")
        Membership.objects.create(user=user, company=company)
        people.append((user, company))
    for at in range({jobs}):
        user, company = people[at % {companies}]
        queue.enqueue("crowd", user=user, company=company)
"""


def _manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _number(session: psycopg.Connection[Any], query: str) -> int:
    row = session.execute(query).fetchone()
    return int(row[0]) if row else 0


def _family(postgres: psutil.Process) -> list[psutil.Process]:
    return [postgres, *postgres.children(recursive=True)]


def _processor_seconds(postgres: psutil.Process) -> float:
    total = 0.0
    for process in _family(postgres):
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def _memory(postgres: psutil.Process) -> int:
    """Return what belongs to the server alone and what its processes share, once."""
    total = 0
    for process in _family(postgres):
        with suppress(psutil.Error):
            total += process.memory_full_info().pss
    return total
