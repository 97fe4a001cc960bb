"""How much of a type of work, or of a company's work, may run at once, and whether any of it may."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class JobLimit(models.Model):
    """What an operator has set for one type of work or one company. Paused: none of it is begun."""

    job_type = models.CharField(max_length=64, null=True, blank=True, unique=True)
    company = models.OneToOneField(
        "accounts.Company", on_delete=models.CASCADE, null=True, blank=True, related_name="job_limit"
    )
    most = models.PositiveSmallIntegerField("jobs at once", null=True, blank=True)
    """None: what the type's handler, or the installation's setting for companies, says."""
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    why = models.CharField(max_length=500, blank=True, default="", db_default="", editable=False)
    """Why it was paused, for whoever wonders."""

    class Meta:
        db_table = "job_limits"
        verbose_name = "limit"
        constraints = [
            models.CheckConstraint(
                condition=Q(job_type__isnull=False, company__isnull=True)
                | Q(job_type__isnull=True, company__isnull=False),
                name="limit_of_a_type_or_a_company",
            ),
            models.CheckConstraint(condition=Q(most__isnull=True) | Q(most__gte=1), name="limit_lets_one_through"),
        ]

    def __str__(self) -> str:
        return self.job_type or str(self.company)
