"""The ledger in the admin: every paid call, the services, and what each company may spend."""

from __future__ import annotations

import contextlib
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from trainings import desk_signs, job_costs  # noqa: F401  (what they register is shown at the desk)
from trainings.company_terms import TermsForm
from trainings.models import CompanyTerms, ProviderCall, Service
from trainings.paid import ledger


class ReadOnly(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Written by the product alone."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ProviderCall)
class ProviderCallAdmin(ReadOnly):
    """One line a call; search by job or training for what one of them cost."""

    list_display = (
        *("created_at", "model", "kind", "company", "state", "seconds", "input_tokens", "output_tokens"),
        *("price", "took", "error"),
    )
    list_filter = ("created_at", "kind", "model", "state", "error", "company")
    list_select_related = ("company",)
    list_before_template = "admin/trainings/providercall/totals.html"
    search_fields = ("job_id", "training_id", "request_id")
    date_hierarchy = "created_at"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say what the calls that are shown cost together, and by day, company and training."""
        more = dict(extra_context or {})
        if request.method == "GET":
            with contextlib.suppress(IncorrectLookupParameters):  # the page itself says that
                shown = self.get_changelist_instance(request).queryset
                self.message_user(
                    request,
                    _("The calls shown here cost %(dollars)s US dollars.")
                    % {"dollars": f"{ledger.cost_of(shown.order_by()):.2f}"},
                )
                names = {"day": _("day"), "company": _("company"), "training": _("training")}
                more["totals"] = {name: job_costs.by(shown, what) for what, name in names.items()}
        response: HttpResponse = super().changelist_view(request, more)
        return response


@admin.register(Service)
class ServiceAdmin(ReadOnly):
    """Which services are out of order, and until when nobody calls them."""

    list_display = ("name", "failures", "closed_until", "reason")


@admin.register(CompanyTerms)
class CompanyTermsAdmin(ModelAdmin):  # type: ignore[misc]
    """Limits, words and providers of a company."""

    list_display = ("company", "daily_limit", "transcriber", "sop_writer", "video_host", "may_stand_in")
    form = TermsForm
