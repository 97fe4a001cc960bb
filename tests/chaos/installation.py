"""A running `qcluster` on the test's database, and ways to look at it and hurt it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
from django.db import connection

from jobs import queue
from jobs.models import BackgroundJob, Worker
from tests.waiting import PATIENCE_SECONDS, until
from trainai.accounts.models import User


def database_url() -> str:
    """Return the address of the test's own database."""
    known = connection.get_connection_params()
    person = quote(known.get("user") or "") + (f":{quote(known['password'])}" if known.get("password") else "")
    address = f"{person}@{known['host']}:{known.get('port') or 5432}"
    return f"postgresql://{address}/{known.get('dbname') or known.get('database')}"


class Installation:
    """One or more clusters, and the files that the chaos handlers write."""

    def __init__(self, folder: Path, user: User) -> None:
        self.ledger = folder / "ledger"
        self.gate = folder / "gate"
        self.log = folder / "log"
        self.clusters: list[subprocess.Popen[bytes]] = []
        self._user = user

    def start(self, workers: int = 2, **settings: str) -> subprocess.Popen[bytes]:
        """Start a cluster, `settings` in its environment; return when its workers are there."""
        before = Worker.objects.count()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "DATABASE_URL": database_url(),
            "WORKERS": str(workers),
            **settings,
        }
        with self.log.open("ab") as log:
            cluster = subprocess.Popen(
                [sys.executable, "manage.py", "qcluster"],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.clusters.append(cluster)
        until(lambda: Worker.objects.count() >= before + workers, lambda: f"workers: {self.log.read_text()}")
        return cluster

    def enqueue(self, job_type: str, *, by: User | None = None, **options: Any) -> BackgroundJob:
        """Enqueue a chaos job, `by` somebody else if that is said."""
        user = by or self._user
        assert user.company
        given = {"ledger": str(self.ledger), "gate": str(self.gate)}
        return queue.enqueue(job_type, user=user, company=user.company, input_data=given, **options)

    def lines(self) -> list[str]:
        """What the handlers have noted."""
        return self.ledger.read_text().splitlines() if self.ledger.exists() else []

    def noted(self, line: str, times: int = 1) -> None:
        """Wait until the handlers have noted a line so often."""
        until(lambda: sum(line in one for one in self.lines()) >= times, lambda: f"{line!r} in {self.lines()}")

    def settled(self, job: BackgroundJob, status: str) -> BackgroundJob:
        """Wait until the job is in this state and return it fresh."""

        def there() -> bool:
            job.refresh_from_db()
            return job.status == status

        until(there, lambda: f"{status}, it is {job.status}: {job.error_data}\n{self.log.read_text()}")
        return job

    def holder(self, job: BackgroundJob) -> int:
        """Wait for the worker that holds the job and return its pid."""
        lease = until(lambda: BackgroundJob.objects.get(pk=job.pk).queue_row.worker_id, "a lease")
        return Worker.objects.get(pk=lease).pid

    def family(self, cluster: subprocess.Popen[bytes]) -> list[psutil.Process]:
        """Every process below a cluster's main process."""
        return psutil.Process(cluster.pid).children(recursive=True)

    def ended(self, cluster: subprocess.Popen[bytes]) -> int:
        """Wait for the end of a cluster and return its exit status."""
        return cluster.wait(PATIENCE_SECONDS)

    def stop(self) -> None:
        """End what still runs."""
        for cluster in self.clusters:
            if cluster.poll() is None:
                cluster.send_signal(signal.SIGCONT)
                cluster.terminate()
        for cluster in self.clusters:
            self.ended(cluster)
