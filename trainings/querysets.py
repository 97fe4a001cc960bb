"""Reading and access: `visible_to(user)` comes first everywhere, and what a person may not see is not found."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from trainai.accounts.models import User

M = TypeVar("M", bound=models.Model)


class CompanyQuerySet(models.QuerySet[M]):
    """Rows that belong to a company by a `company` field."""

    def visible_to(self, user: User | AnonymousUser) -> CompanyQuerySet[M]:
        """Keep the rows of the companies this person is a member of."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(company__memberships__user=user)
