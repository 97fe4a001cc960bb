"""Which jobs a socket may see, and whether it may still see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase

from jobs import queries
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

    @classmethod
    def of(cls, user: User | AnonymousUser, session: SessionBase, *, desk: bool) -> Holder | None:
        """Return who asks with this session; None for nobody."""
        if not user.is_authenticated or not session.session_key:
            return None
        return cls(session.session_key, user.pk, user.password, desk)


def of_all(holders: Collection[Holder]) -> dict[Holder, Sight]:
    """Return what each may see now; those who may see nothing any more are left out.

    Two statements, however many they are: it is asked every few seconds for all sockets of a web process. (Operators at
    their desk, who are few, cost two or three each.)
    """
    rows = queries.run("standing_sessions", {"sessions": list({holder.session for holder in holders})})
    sessions = {row["session_key"] for row in rows}
    passwords: dict[UUID, str] = {}
    roles: dict[UUID, set[tuple[UUID, str]]] = defaultdict(set)
    for row in queries.run("roles", {"people": list({holder.user for holder in holders})}):
        passwords[row["id"]] = row["password"]
        if row["role"]:
            roles[row["id"]].add((row["company_id"], row["role"]))
    return {
        holder: Sight(everywhere=True) if holder.desk else Sight(frozenset(roles[holder.user]))
        for holder in holders
        if holder.session in sessions
        and passwords.get(holder.user) == holder.password
        and (not holder.desk or _is_operator(holder.user))
    }


def _is_operator(user: UUID) -> bool:
    person = User.objects.get(pk=user)
    return person.is_staff and person.has_perm(DESK_PERMISSION)
