"""The limits of types of work and of companies: set, paused and resumed, with who and why in the admin's log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from jobs import limits, registry
from jobs.models import JobLimit
from jobs.templatetags.desk import ago


class LimitForm(forms.ModelForm):  # type: ignore[type-arg]  # it is no generic at run time
    """A limit, its pause as a box to tick."""

    job_type = forms.ChoiceField(label=_("Job type"), required=False, widget=UnfoldAdminSelectWidget)
    paused = forms.BooleanField(
        label=_("Paused"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("No worker begins such work until this is taken away."),
    )

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("For the log; of a pause also what the pages tell those who wait."),
    )

    class Meta:
        model = JobLimit
        fields = ("job_type", "company", "most")
        help_texts = {"most": _("Empty: as the program has it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].initial = self.instance.why
        self.fields["paused"].initial = self.instance.paused_at is not None
        if "job_type" in self.fields:
            known = [(name, registry.label(name)) for name in registry.job_types()]
            self.fields["job_type"].choices = [("", "—"), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A limit is of one thing, and whoever pauses says why."""
        given: dict[str, Any] = super().clean() or {}
        if "job_type" in self.fields:
            given["job_type"] = given.get("job_type") or None
            if (given["job_type"] is None) == (given.get("company") is None):
                raise forms.ValidationError(_("Choose a type of work or a company."))
        if given.get("paused") and not given.get("reason"):
            self.add_error("reason", _("Say why: those who wait read it."))
        return given


@admin.register(JobLimit)
class LimitAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """How much may run at once, and what is paused."""

    form = LimitForm
    list_display = ("of", "most", "state")
    autocomplete_fields = ("company",)
    actions = ("resume",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[JobLimit]:
        found: QuerySet[JobLimit] = super().get_queryset(request)
        return found.select_related("company", "paused_by")

    def get_fields(self, request: HttpRequest, obj: JobLimit | None = None) -> tuple[str, ...]:
        return ("job_type", "company", "most", "paused", "reason")

    def get_readonly_fields(self, request: HttpRequest, obj: JobLimit | None = None) -> tuple[str, ...]:
        return ("job_type", "company") if obj else ()

    def save_model(self, request: HttpRequest, obj: JobLimit, form: Any, change: bool) -> None:
        paused = form.cleaned_data["paused"]
        if paused and obj.paused_at is None:
            obj.paused_at, obj.paused_by = timezone.now(), request.user  # type: ignore[assignment]
        elif not paused:
            obj.paused_at, obj.paused_by = None, None
        obj.why = form.cleaned_data["reason"] if paused else ""
        super().save_model(request, obj, form, change)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> str:
        """Return what the log keeps: what holds from now on, and why."""
        most, given = form.instance.most, form.cleaned_data
        now = ["paused" if given["paused"] else "running", f"at most {most} at once" if most else ""]
        told = ", ".join(filter(None, now))
        return f"{told}: {given['reason']}" if given["reason"] else told

    @admin.action(description=_("Resume"), permissions=["change"])
    @transaction.atomic
    def resume(self, request: HttpRequest, queryset: QuerySet[JobLimit]) -> None:
        for limit in queryset.filter(paused_at__isnull=False):
            limits.resume(job_type=limit.job_type, company=limit.company)
            self.log_change(request, limit, "resumed")
        self.message_user(request, _("Workers begin such work again."))

    @admin.display(description=_("of"), ordering="job_type")
    def of(self, limit: JobLimit) -> str:
        return registry.label(limit.job_type) if limit.job_type else str(limit.company)

    @admin.display(description=_("state"))
    def state(self, limit: JobLimit) -> SafeString | str:
        if limit.paused_at is None:
            return _now("running")
        return format_html(
            '<div class="desk-cell"><span class="badge waiting">{}</span> {}'
            '<span class="desk-under" title="{}">{}</span></div>',
            _now("paused"),
            limit.why,
            f"{limit.paused_at:%Y-%m-%d %H:%M} UTC",
            " · ".join(filter(None, (ago(limit.paused_at), str(limit.paused_by or "")))),
        )
