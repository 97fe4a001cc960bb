"""Everything one campaign runs on: a database of its own, the wire, the till, two hosts, the people."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from bench.chaos.history import note
from bench.chaos.host import Host
from bench.chaos.proxy import Proxy

T = TypeVar("T")
Track = Iterator[float]
"""A story told in pieces: it yields the seconds it wants to wait."""
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Victim:
    """A running job and who runs it."""

    job: str
    token: str
    pid: int
    host: Host


class World:
    """What faults and load act on. Used by several threads: each has its own connection."""

    def __init__(self, folder: Path, seed: int, hosts: list[Host], proxy: Proxy, till: int) -> None:
        self.folder = folder
        self.hosts = hosts
        self.proxy = proxy
        self.till = till
        self.random = random.Random(seed)  # noqa: S311
        self.over = threading.Event()
        self.hurt: list[Host] = []
        """Hosts with a fault at this moment."""
        self._number = iter(range(1, 10**9))
        self.people: dict[str, Any] = {}
        self._people()

    def _people(self) -> None:
        from trainai.accounts.models import Company, Membership, User

        for name in ("inside", "outside"):
            company = Company.objects.create(name=name)
            user = User.objects.create_user(f"{name}@example.com")
            Membership.objects.create(user=user, company=company)
            self.people[name] = user

    def enqueue(self, kind: str, *, priority: int = 5, before: Any = None, **data: Any) -> Any:
        """Enqueue a job and note it; None when the database did not say yes."""
        from jobs import queue

        number = next(self._number)
        note("asked", number=number, job_kind=kind, priority=priority)
        try:
            job = queue.enqueue(
                f"chaos_{kind}",
                user=self.people["inside"],
                company=self.people["inside"].company,
                input_data={"till": self.till, "number": number, "seconds": 0.5, **data},
                priority=priority,
                depends_on=before,
            )
        except DatabaseError:
            connection.close()
            return None
        note("acked", number=number, job=str(job.pk), job_kind=kind, priority=priority, waits=bool(before), **data)
        return job

    def cancel(self, job: str) -> bool:
        """Cancel a job; False when it was over already or the database did not answer."""
        from jobs import queue
        from jobs.errors import NotAllowed

        note("cancel_asked", job=job)
        try:
            queue.cancel(job)  # type: ignore[arg-type]
        except NotAllowed:
            note("cancel_refused", job=job)
            return False
        except DatabaseError:
            connection.close()
            return False
        note("cancel_acked", job=job)
        return True

    def rows(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        """Return the answer to a query; nothing while the database is away."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, params)
                return list(cursor.fetchall())
        except DatabaseError:
            connection.close()
            return []

    def some_host(self) -> Host:
        """Return a host by chance, one that is well if there is one."""
        return self.random.choice([host for host in self.hosts if host not in self.hurt] or self.hosts)

    def known(self, host: Host) -> set[int]:
        """Return the pids of a host's workers that the database knows."""
        return {row[0] for row in self.rows("SELECT pid FROM job_workers WHERE host LIKE %s", f"{host.name}/%")}

    def held(self, host: Host, pid: int | None = None) -> list[list[str]]:
        """Return job and token of what a host, or one of its workers, holds at this moment."""
        rows = self.rows(
            "SELECT q.job_id, q.token, w.pid FROM job_queue q JOIN job_workers w ON w.id = q.worker_id"
            " WHERE w.host LIKE %s AND q.job_id IS NOT NULL",
            f"{host.name}/%",
        )
        return [[str(job), str(token)] for job, token, holder in rows if pid in (None, holder)]

    def holder(self, job: str) -> Victim | None:
        """Return who runs a job."""
        rows = self.rows(
            "SELECT q.token, w.pid, w.host FROM job_queue q JOIN job_workers w ON w.id = q.worker_id"
            " WHERE q.job_id = %s",
            job,
        )
        hosts = {host.name: host for host in self.hosts}
        return next((Victim(job, str(token), pid, hosts[at.split("/")[0]]) for token, pid, at in rows), None)

    def is_whole(self, *hosts: Host) -> bool:
        """Whether all processes of these hosts, of all when none is named, are there."""
        return all(host.is_whole(self.known(host)) for host in hosts or self.hosts)

    def until(self, ready: Callable[[], T | None], limit: float) -> Generator[float, None, T | None]:
        """Wait until `ready` says something true; its answer, or None after `limit` seconds, is the value."""
        give_up = time.monotonic() + limit
        while not (answer := ready()) and time.monotonic() < give_up:
            yield LOOK_SECONDS
        return answer or None

    def restart_database(self) -> None:
        """What `pg_ctl restart -m immediate` does: SIGQUIT, and the keeper of the server starts it again."""
        postmaster = int((self.folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGQUIT)

    def database_answers(self) -> bool:
        """Whether a new connection is taken."""
        with contextlib.suppress(psycopg.Error), psycopg.connect(**connection.get_connection_params()):
            return True
        return False
