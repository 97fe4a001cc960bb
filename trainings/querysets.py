"""Reading and access: `visible_to(user)` comes first everywhere, and what a person may not see is not found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from trainai.accounts.models import User
    from trainings.models import Training, Upload  # noqa: F401 (named in quoted type arguments)

M = TypeVar("M", bound=models.Model)


class CompanyQuerySet(models.QuerySet[M]):
    """Rows that belong to a company by a `company` field."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Keep the rows of the companies this person is a member of."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(company__memberships__user=user)

    def editable_by(self, user: User | AnonymousUser) -> Self:
        """Keep the visible rows this person may change: those of companies they are more than a viewer in."""
        if not user.is_authenticated:
            return self.none()
        makers = user.memberships.filter(role__in=("owner", "creator"))
        return self.visible_to(user).filter(company__in=makers.values("company"))


class TrainingQuerySet(CompanyQuerySet["Training"]):
    """Trainings; those being deleted are seen by nobody."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return super().visible_to(user).filter(deleted_at=None)


class UploadQuerySet(CompanyQuerySet["Upload"]):
    """Uploads."""

    def abandoned(self) -> Self:
        """Keep the open uploads nobody has sent a piece of for too long."""
        return self.filter(finished_at=None, discarded_at=None, expires_at__lte=timezone.now())
