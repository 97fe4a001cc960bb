"""Who looks at pages: companies with a running job each, and people with sessions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

JOBS = 50


@dataclass(frozen=True)
class Crowd:
    """`cookies[n]` is the session of socket n, which sees the jobs of company `n % companies`; job j is of company
    `j % companies`."""

    companies: int
    cookies: list[str]
    jobs: list[uuid.UUID]

    def jobs_of(self, socket: int) -> list[uuid.UUID]:
        return [job for at, job in enumerate(self.jobs) if at % self.companies == socket % self.companies]


def gather(sockets: int, companies: int) -> Crowd:
    """Make the rows of a crowd, a person and a session for each socket."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from jobs.models import BackgroundJob
    from trainai.accounts.models import Company, Membership, User

    firms = Company.objects.bulk_create(Company(name=f"Company {number}") for number in range(companies))
    name = uuid.uuid4().hex[:8]
    people = [User(email=f"{name}-{number}@example.com", password="!") for number in range(sockets)]  # noqa: S106
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(user=person, company=firms[at % companies], role="owner") for at, person in enumerate(people)
    )
    cookies = []
    for person in people:
        session: Any = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        cookies.append(session.session_key)
    jobs = BackgroundJob.objects.bulk_create(
        BackgroundJob(
            user=people[at % companies],
            company=firms[at % companies],
            job_type="transcription",
            status="processing",
            started_at=timezone.now(),
        )
        for at in range(JOBS)
    )
    return Crowd(companies, cookies, [job.pk for job in jobs])
