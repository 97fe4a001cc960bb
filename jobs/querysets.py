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

    # Each of these names what its index knows beside the status: see the indexes of `BackgroundJob`.

    def unfinished(self) -> JobQuerySet:
        """Keep the jobs that are not final: those with a place in the queue."""
        return self.filter(status__in=["pending", "processing"], queue_row__isnull=False)

    def waiting(self) -> JobQuerySet:
        """Keep the jobs that are pending."""
        return self.filter(status="pending", queue_row__token__isnull=True, queue_row__isnull=False)

    def working(self) -> JobQuerySet:
        """Keep the jobs that are processing."""
        return self.filter(status="processing", queue_row__token__isnull=False)

    def failed(self) -> JobQuerySet:
        """Keep the jobs that failed."""
        return self.filter(status="failed", error_data__isnull=False)

    def cancelled(self) -> JobQuerySet:
        """Keep the jobs that were cancelled."""
        return self.filter(status="cancelled", cancel_requested_at__isnull=False)
