"""What every page's header knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from jobs import activity
from trainai.accounts.models import Membership, User
from trainai.people import may_create


def header(request: HttpRequest) -> dict[str, Any]:
    """Return the counts of the company's work and what this person may do; read only when shown."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {
        "at_work": SimpleLazyObject(lambda: activity.counts(user)),
        "work": SimpleLazyObject(lambda: activity.brief(user)),
        "owns": SimpleLazyObject(lambda: user.membership is not None and user.membership.role == Membership.Role.OWNER),
        "may_create": SimpleLazyObject(lambda: may_create(user)),
    }
