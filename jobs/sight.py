"""Which jobs a socket may see."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet
from trainai.accounts.models import User

DESK_PERMISSION = "jobs.view_backgroundjob"


@dataclass(frozen=True)
class Sight:
    """The jobs of some companies, or of all of them at the operators' desk."""

    companies: frozenset[UUID] = frozenset()
    everywhere: bool = False

    def covers(self, company: UUID) -> bool:
        """Whether the jobs of this company are seen."""
        return self.everywhere or company in self.companies

    def jobs(self) -> JobQuerySet:
        """Return what is seen."""
        jobs = BackgroundJob.objects.all()
        return jobs if self.everywhere else jobs.filter(company__in=self.companies)


def of(user: User, *, desk: bool) -> Sight | None:
    """Return what this person may see, None for nothing at all. `desk`: asked for as an operator."""
    if desk:
        return Sight(everywhere=True) if user.is_staff and user.has_perm(DESK_PERMISSION) else None
    return Sight(frozenset(user.memberships.values_list("company", flat=True)))
