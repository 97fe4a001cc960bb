"""What holds due work up: its type or its company is paused, or as much of it runs as may."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs import registry, workers
from jobs.models import BackgroundJob, JobLimit, JobQueue

if TYPE_CHECKING:
    from trainai.accounts.models import Company, User


@transaction.atomic
def pause(*, job_type: str | None = None, company: Company | None = None, why: str, by: User | None = None) -> JobLimit:
    """Let no worker begin work of a type, or of a company, until it is resumed; what runs goes on.

    Pausing twice keeps the first time and takes the new reason. Raises UnknownJobType.
    """
    limit = _of(job_type, company)
    limit.paused_at, limit.paused_by, limit.why = limit.paused_at or Now(), by, why
    limit.save()
    limit.refresh_from_db()
    return limit


@transaction.atomic
def resume(*, job_type: str | None = None, company: Company | None = None) -> bool:
    """Let workers begin such work again, at once; False when it was not paused. Raises UnknownJobType."""
    limit = _of(job_type, company)
    was = limit.paused_at is not None
    limit.paused_at, limit.paused_by, limit.why = None, None, ""
    limit.save()
    return was


def _of(job_type: str | None, company: Company | None) -> JobLimit:
    if (job_type is None) == (company is None):
        raise ValueError("Name a type or a company.")
    if job_type is not None:
        registry.get(job_type)
    return JobLimit.objects.get_or_create(job_type=job_type, company=company)[0]


@dataclass(frozen=True)
class Limits:
    """The limits and what runs, at one moment."""

    types: dict[str, JobLimit]
    companies: dict[UUID, JobLimit]
    running_types: Counter[str]
    running_companies: Counter[UUID]
    workers: int

    def reason(self, job: BackgroundJob) -> str:
        """Say what holds a due job up, empty when it only waits for its turn."""
        for limit in (self.types.get(job.job_type), self.companies.get(job.company_id)):
            if limit and limit.paused_at:
                told = _("paused: %(why)s") if limit.why else _("paused")
                return told % {"why": limit.why}
        most = self.most_of_company(job.company_id)
        if most is not None and self.running_companies[job.company_id] >= most:
            told = ngettext(
                "waits for a place: %(count)d part of your company runs at once",
                "waits for a place: %(count)d parts of your company run at once",
                most,
            )
            return told % {"count": most}
        most = self.most_of_type(job.job_type)
        if most is not None and self.running_types[job.job_type] >= most:
            told = ngettext(
                "waits for a place: %(count)d of its kind runs at once",
                "waits for a place: %(count)d of its kind run at once",
                most,
            )
            return told % {"count": most}
        if job.job_type in registry.heavy() and self.heavy_running >= self.most_heavy:
            return _("waits for a place: %(count)d long parts run at once") % {"count": self.most_heavy}
        return ""

    def most_of_type(self, job_type: str) -> int | None:
        """Return how many of a type may run at once, None for any number; as `claim.sql` has it."""
        limit, share = self.types.get(job_type), registry.shares().get(job_type)
        if limit and limit.most:
            return limit.most
        return max(1, int(share * self.workers)) if share is not None else None

    @property
    def most_heavy(self) -> int:
        """How many jobs of all heavy types may run at once, as `claim.sql` has it: one worker is left to the others
        where there are three. Of two, both may be taken: a training's listening and its video go side by side."""
        return max(2, self.workers - 1)

    @property
    def heavy_running(self) -> int:
        """How many jobs of heavy types run."""
        return sum(self.running_types[job_type] for job_type in registry.heavy())

    def most_of_company(self, company: UUID) -> int | None:
        """Return how many jobs of a company may run at once, None for any number."""
        limit, everybody = self.companies.get(company), settings.COMPANY_JOBS
        return limit.most if limit and limit.most else everybody

    def closed_types(self) -> set[str]:
        """Return the types of which no job is begun now."""
        return self.full_types() | self.paused_types()

    def closed_companies(self) -> set[UUID]:
        """Return the companies of which no job is begun now."""
        return self.full_companies() | self.paused_companies()

    def full_types(self) -> set[str]:
        """Return the types of which as many jobs run as may."""
        full = {name for name, runs in self.running_types.items() if runs >= (self.most_of_type(name) or runs + 1)}
        return full | set(registry.heavy()) if self.heavy_running >= self.most_heavy else full

    def full_companies(self) -> set[UUID]:
        """Return the companies of which as many jobs run as may."""
        return {pk for pk, runs in self.running_companies.items() if runs >= (self.most_of_company(pk) or runs + 1)}

    def paused_types(self) -> set[str]:
        """Return the types that are paused."""
        return {name for name, limit in self.types.items() if limit.paused_at}

    def paused_companies(self) -> set[UUID]:
        """Return the companies that are paused."""
        return {pk for pk, limit in self.companies.items() if limit.paused_at}


class Lookup:
    """The limits as they are when they are first needed: most jobs do not need them."""

    @cached_property
    def limits(self) -> Limits:
        """What holds work up."""
        return read()

    def reason(self, job: BackgroundJob) -> str:
        """Say what holds a due job up, empty when it only waits for its turn."""
        return self.limits.reason(job)


def read() -> Limits:
    """Read what holds work up now."""
    limits = list(JobLimit.objects.all())
    running = list(
        JobQueue.objects.filter(token__isnull=False, job__isnull=False).values_list("job_type", "company_id")
    )
    return Limits(
        {limit.job_type: limit for limit in limits if limit.job_type},
        {limit.company_id: limit for limit in limits if limit.company_id},
        Counter(job_type for job_type, _company in running),
        Counter(company for _type, company in running),
        workers.resident(),
    )
