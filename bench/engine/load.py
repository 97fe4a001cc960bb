"""What lies in our tables while we measure: jobs that are over, jobs that wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.peers.ours import Ours


@dataclass(frozen=True)
class Load:
    """Rows beside the measured ones."""

    finished: int = 0
    backlog: int = 0
    companies: int = 1
    days: int = 0
    """How far off the time is that the backlog waits for."""

    @property
    def due(self) -> int:
        """How many jobs workers find there."""
        return 0 if self.days else self.backlog

    def behind(self, ours: Ours) -> None:
        """Put finished jobs with their attempts into the tables, one a second into the past."""
        if self.finished:
            as_one(
                "INSERT INTO background_jobs (id, user_id, company_id, job_type, status, progress_percentage,"
                " output_data, created_at, started_at, completed_at)"
                " SELECT gen_random_uuid(), %(user)s, %(company)s, 'bench_noop', 'completed', 100,"
                " '{\"done\": true}', t, t, t FROM generate_series(1, %(number)s) n,"
                " LATERAL (SELECT now() - n * interval '1 second' AS t) times",
                "INSERT INTO job_attempts (id, job_id, number, worker, started_at, ended_at, outcome)"
                " SELECT gen_random_uuid(), id, 1, 'bench', started_at, completed_at, 'completed'"
                " FROM background_jobs",
                user=ours.user.pk,
                company=ours.company.pk,
                number=self.finished,
            )

    def waiting(self, ours: Ours) -> None:
        """Put jobs into the queue, those of the companies mixed."""
        from trainai.accounts.models import Company

        if not self.backlog:
            return
        others = [Company(name=f"Company {number}") for number in range(1, self.companies)]
        companies = [ours.company.pk, *(company.pk for company in Company.objects.bulk_create(others))]
        as_one(
            "INSERT INTO background_jobs (id, user_id, company_id, job_type)"
            " SELECT gen_random_uuid(), %(user)s, (%(companies)s::uuid[])[1 + n %% %(number_of_companies)s],"
            " 'bench_noop' FROM generate_series(1, %(number)s) n",
            "INSERT INTO job_queue (job_id, company_id, job_type, run_at, later)"
            " SELECT id, company_id, job_type, now() + make_interval(days => %(days)s), %(days)s > 0"
            " FROM background_jobs WHERE status = 'pending'",
            user=ours.user.pk,
            companies=companies,
            number_of_companies=len(companies),
            number=self.backlog,
            days=self.days,
        )


LOADS = {
    "nothing": Load(),
    "100,000 finished": Load(finished=100_000),
    "1,000,000 finished": Load(finished=1_000_000),
    "100,000 waiting": Load(backlog=100_000),
    "100,000 waiting, of 100 companies": Load(backlog=100_000, companies=100),
    "1,000 waiting, of 1,000 companies": Load(backlog=1_000, companies=1_000),
    "1,000 for later, of 1,000 companies": Load(backlog=1_000, companies=1_000, days=30),
}


def as_one(*statements: str, **values: Any) -> None:
    """Run statements quickly, no page being told, and let the planner see what came of it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        for table in ("background_jobs", "job_queue"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement, values)
        for table in ("background_jobs", "job_queue"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("RESET synchronous_commit")
        cursor.execute("VACUUM ANALYZE")
