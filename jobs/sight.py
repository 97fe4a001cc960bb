"""Which jobs a socket may see, and whether it may still see them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.contrib.sessions.models import Session
from django.utils import timezone

from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet
from trainai.accounts.models import User

DESK_PERMISSION = "jobs.view_backgroundjob"


@dataclass(frozen=True)
class Sight:
    """The jobs of the companies one has a role in, or of all of them at the operators' desk."""

    roles: frozenset[tuple[UUID, str]] = frozenset()
    everywhere: bool = False

    @cached_property
    def companies(self) -> frozenset[UUID]:
        return frozenset(company for company, _ in self.roles)

    def sees_as_much_as(self, other: Sight) -> bool:
        """Whether both see the same jobs, whatever else one may do with them."""
        return self.everywhere == other.everywhere and self.companies == other.companies

    def jobs(self) -> JobQuerySet:
        """Return what is seen."""
        jobs = BackgroundJob.objects.all()
        return jobs if self.everywhere else jobs.filter(company__in=self.companies)


class Holder(NamedTuple):
    """Who opened a socket: by which session, with which password, and whether as an operator."""

    session: str
    user: UUID
    password: str
    desk: bool


def of_all(holders: Collection[Holder]) -> dict[Holder, Sight]:
    """Return what each may see now; those who may see nothing any more are left out.

    Three queries, however many they are: it is asked every few seconds for all sockets of a web process. (Operators at
    their desk, who are few, cost one or two more each.)
    """
    alive = Session.objects.filter(session_key__in={holder.session for holder in holders})
    sessions = set(alive.filter(expire_date__gt=timezone.now()).values_list("session_key", flat=True))
    active = User.objects.filter(is_active=True).prefetch_related("memberships")
    people = active.in_bulk({holder.user for holder in holders})
    seen: dict[Holder, Sight] = {}
    for holder in holders:
        person = people.get(holder.user)
        if person and person.password == holder.password and holder.session in sessions:
            sight = _of(person, desk=holder.desk)
            if sight:
                seen[holder] = sight
    return seen


def _of(user: User, *, desk: bool) -> Sight | None:
    if desk:
        return Sight(everywhere=True) if user.is_staff and user.has_perm(DESK_PERMISSION) else None
    return Sight(frozenset((membership.company_id, membership.role) for membership in user.memberships.all()))
