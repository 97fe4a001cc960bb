"""What a job's calls cost, on its page at the desk; and what calls cost together, by day, company and training."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.admin import costs, panels
from jobs.admin.panels import Panel
from jobs.models import BackgroundJob
from trainings.models import ProviderCall

MOST = 20
"""Lines shown; the ledger has them all."""


@panels.register
def of_job(job: BackgroundJob) -> Panel | None:
    """Return the calls of a job, the newest first; nothing for a job that called nobody."""
    calls = ProviderCall.objects.filter(job_id=job.pk)
    whole = total(calls)
    if not whole.calls:
        return None
    rows = [
        [
            call.model,
            _(call.state),
            f"{call.seconds:.0f} s",
            f"{call.input_tokens} + {call.output_tokens}",
            usd(call.price),
        ]
        for call in calls.order_by("-created_at")[:MOST]
    ]
    return Panel(
        title=_("Calls to services"),
        heads=(_("Model"), _("State"), _("Sound"), _("Tokens"), _("Price")),
        rows=rows,
        sum=str(whole),
        address=f"{reverse('admin:trainings_providercall_changelist')}?q={job.pk}",
    )


@costs.register
def of_jobs(jobs: Collection[UUID]) -> dict[UUID, str]:
    """Return what the calls of each job cost, those of jobs that called nobody left out."""
    calls = ProviderCall.objects.filter(job_id__in=jobs).order_by()
    costs = calls.values_list("job_id").annotate(cost=Sum("price"))
    return {job: usd(cost) for job, cost in costs if job}


@dataclass(frozen=True)
class Total:
    """What some calls used together."""

    name: str
    calls: int
    seconds: float
    tokens: int
    price: Decimal

    def __str__(self) -> str:
        calls = ngettext("%(count)d call", "%(count)d calls", self.calls) % {"count": self.calls}
        used = {"seconds": f"{self.seconds:.0f}", "tokens": self.tokens}
        sound, tokens = _("%(seconds)s s of sound") % used, _("%(tokens)d tokens") % used
        return f"{calls}, {sound}, {tokens}, {usd(self.price)}"


_SUMS = {
    "calls": Count("pk"),
    "heard": Sum("seconds"),
    "read": Sum("input_tokens"),
    "written": Sum("output_tokens"),
    "cost": Sum("price"),
}


def total(calls: QuerySet[ProviderCall], name: str = "") -> Total:
    """Add calls up; open ones with the most they can cost."""
    return _total(name, calls.order_by().aggregate(**_SUMS))


def by(calls: QuerySet[ProviderCall], what: str) -> list[Total]:
    """Add calls up by "day", "company" or "training": the newest days, the dearest of the others."""
    field = {"day": "day", "company": "company__name", "training": "training_id"}[what]
    grouped = calls.order_by().annotate(day=TruncDate("created_at")).values(field).annotate(**_SUMS)
    newest_or_dearest = grouped.order_by("-day" if what == "day" else "-cost")[:MOST]
    return [_total(str(row[field] or _("none")), row) for row in newest_or_dearest]


def usd(price: Decimal) -> str:
    """Return a price in US dollars, small ones to the hundredth of a cent."""
    return f"${price:.4f}" if price < 1 else f"${price:.2f}"


def _total(name: str, row: dict[str, object]) -> Total:
    def number(key: str) -> float:
        value = row[key]
        return float(value) if isinstance(value, int | float | Decimal) else 0.0

    tokens = int(number("read") + number("written"))
    return Total(name, int(number("calls")), number("heard"), tokens, Decimal(str(row["cost"] or 0)))
