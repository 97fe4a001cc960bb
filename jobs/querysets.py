"""Reading and access: `visible_to(user)` comes first, and what a person may not see is not found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from jobs.models import BackgroundJob  # noqa: F401
    from trainai.accounts.models import User


class JobQuerySet(models.QuerySet["BackgroundJob"]):
    """Jobs, as the people of a company may see them."""

    def visible_to(self, user: User | AnonymousUser) -> JobQuerySet:
        """Keep the jobs of the companies this person is a member of."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(company__memberships__user=user)

    def unfinished(self) -> JobQuerySet:
        """Keep the jobs that are not final."""
        return self.filter(status__in=["pending", "processing"])
