"""How fast the engine is: `python -m bench.engine [--json]`.

Wake-up is the time from just before `enqueue` to the first line of the handler, in a worker process that waits.
Drain is the rate at which two workers complete a backlog of jobs that do nothing, each with its full record: row,
attempt, events. Statements and WAL are counted over one more backlog. The database is made for the run.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg

WORKERS = 2


def main() -> dict[str, Any]:
    """Measure in a process of its own, print the table and return the figures."""
    measured = in_own_database("--json", stdout=subprocess.PIPE)
    measured.check_returncode()
    result: dict[str, Any] = json.loads(measured.stdout)
    print(table(result))
    return result


def command() -> None:
    """Measure and print as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wake-ups", type=int, default=300)
    parser.add_argument("--backlog", type=int, default=2000)
    parser.add_argument("--behind", type=int, default=0, help="finished jobs that lie in the table")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.inside:
        sys.exit(in_own_database(*sys.argv[1:]).returncode)
    django.setup()
    result = measure(options.wake_ups, options.backlog, options.behind)
    print(json.dumps(result) if options.json else table(result))


def in_own_database(*options: str, stdout: int | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run this again in a process whose settings know nothing but the database made for it."""
    with own_database() as url:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "WORKERS": str(WORKERS),
        }
        again = [sys.executable, "-m", "bench.engine", *options, "--inside"]
        return subprocess.run(again, env=environment, stdout=stdout, check=False)


@contextmanager
def own_database() -> Iterator[str]:
    """Make a database beside the installation's; give its address, and drop it afterwards."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        from trainai import postgres

        given = postgres.acquire(Path(os.environ.get("VAR_DIR", "var")).resolve()).url
    name = f"bench_engine_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def measure(wake_ups: int, backlog: int, behind: int) -> dict[str, Any]:
    """Return the figures: milliseconds, jobs per second, statements and bytes per job."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    enqueue = person()
    if behind:
        fill(behind)
    with workers():
        enqueue_and_wait(enqueue, 20)
        delays = sorted(1000 * delay for delay in enqueue_and_wait(enqueue, wake_ups))
    jobs = [enqueue() for _ in range(backlog)]
    with workers():
        rate = drained(jobs)
    return {
        "finished_behind": behind,
        "wake_up_ms": {"p50": at(delays, 50), "p95": at(delays, 95), "p99": at(delays, 99)},
        "drain_per_second": round(rate),
        **cost(enqueue),
    }


def person() -> Callable[[], Any]:
    """Return a way to enqueue as somebody."""
    from jobs import queue
    from trainai.accounts.models import Company, Membership, User

    company = Company.objects.create(name="Bench")
    user = User.objects.create_user("bench@example.com")
    Membership.objects.create(user=user, company=company)
    return lambda: queue.enqueue("bench_noop", user=user, company=company)


def fill(behind: int) -> None:
    """Put finished jobs into the table, a month of them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE background_jobs DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO background_jobs (id, user_id, company_id, job_type, status, progress_percentage, created_at,"
            " started_at, completed_at) SELECT gen_random_uuid(), u.id, c.id, 'bench_noop', 'completed', 100, t, t, t"
            " FROM accounts_user u, accounts_company c, generate_series(1, %s) n,"
            " LATERAL (SELECT now() - n * interval '1 second' AS t) times",
            [behind],
        )
        cursor.execute("ALTER TABLE background_jobs ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE background_jobs")


@contextmanager
def workers() -> Iterator[None]:
    """Run a cluster, from the moment its workers are there."""
    from jobs.models import Worker

    cluster = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while Worker.objects.count() < WORKERS:
            time.sleep(0.05)
        yield
    finally:
        cluster.send_signal(signal.SIGTERM)
        cluster.wait(20)


def enqueue_and_wait(enqueue: Callable[[], Any], times: int) -> list[float]:
    """Return the seconds from enqueue to the first line, one job after the other, the workers idle in between."""
    delays = []
    for _ in range(times):
        before = time.time()
        job = enqueue()
        while job.status != "completed":
            time.sleep(0.005)
            job.refresh_from_db(fields=["status", "output_data"])
        delays.append(job.output_data["began"] - before)
        time.sleep(0.02)
    return delays


def drained(jobs: list[Any]) -> float:
    """Wait until all are completed; return jobs per second between the first start and the last end."""
    from django.db.models import Max, Min

    from jobs.models import BackgroundJob, JobQueue

    while JobQueue.objects.exists():
        time.sleep(0.2)
    done = BackgroundJob.objects.filter(pk__in=[job.pk for job in jobs])
    span = done.aggregate(first=Min("started_at"), last=Max("completed_at"))
    return len(jobs) / float((span["last"] - span["first"]).total_seconds())


def cost(enqueue: Callable[[], Any], jobs: int = 200) -> dict[str, float]:
    """Count statements and WAL of enqueue, claim, one progress report and completion, in this process."""
    from django.db import connection

    from jobs.worker import Loop

    statements = 0

    def count(execute: Any, *given: Any) -> Any:
        nonlocal statements
        statements += 1
        return execute(*given)

    def written() -> int:
        """WAL of this connection alone; others may use the server too."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute("SELECT wal_bytes FROM pg_stat_get_backend_wal(pg_backend_pid())")
            return int(cursor.fetchone()[0])

    for _ in range(jobs):  # the first touch of a page after a checkpoint is written whole: leave most of that out
        enqueue()
    Loop(resident=False).drain()
    wal = written()
    with connection.execute_wrapper(count):
        for _ in range(jobs):
            enqueue()
        Loop(resident=False).drain()
    return {
        "statements_per_job": round(statements / jobs, 1),
        "wal_bytes_per_job": round((written() - wal) / jobs),
    }


def at(ordered: list[float], percent: int) -> float:
    """Return a percentile of ordered values."""
    return round(statistics.quantiles(ordered, n=100, method="inclusive")[percent - 1], 2)


def table(result: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    wake = result["wake_up_ms"]
    return "\n".join(
        [
            "| finished jobs behind | wake-up p50 | p95 | p99 | drain | statements | WAL |",
            "|---|---|---|---|---|---|---|",
            f"| {result['finished_behind']} | {wake['p50']} ms | {wake['p95']} ms | {wake['p99']} ms"
            f" | {result['drain_per_second']}/s | {result['statements_per_job']} | {result['wal_bytes_per_job']} B |",
        ]
    )


if __name__ == "__main__":
    command()
