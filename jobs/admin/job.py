"""The list of jobs and the page of one. Rows are made and changed by the engine's own verbs alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media, Script
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.widgets import CHECKBOX_CLASSES

from jobs.admin import asking, bundle, cells, filters, now, panels, record, rows, search
from jobs.admin.change_list import JobChangeList
from jobs.admin.verbs import VERBS
from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_MOST_LINES = 200
_BOX = " ".join([*CHECKBOX_CLASSES, "action-select"])


def _column(name: str, description: StrPromise, order: str | None = None) -> Callable[[Any, BackgroundJob], SafeString]:
    @admin.display(description=description, ordering=order)
    def column(_admin: Any, job: BackgroundJob) -> SafeString:
        return cells.live(job, name)

    return column


def _action(name: str) -> Callable[[Any, HttpRequest, QuerySet[BackgroundJob]], HttpResponse]:
    @admin.action(description=format_lazy("{} …", VERBS[name].label), permissions=["change"])
    def action(_admin: Any, request: HttpRequest, queryset: QuerySet[BackgroundJob]) -> HttpResponse:
        ids = ",".join(str(pk) for pk in queryset.order_by().values_list("pk", flat=True)[:_MOST_LINES])
        address = reverse("admin:jobs_backgroundjob_ask", args=[name])
        return redirect(f"{address}?{urlencode({'ids': ids})}")

    action.__name__ = name
    return action


@admin.register(BackgroundJob)
class JobAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Every job of every company."""

    state, work, whose = _column("state", _("state")), _column("work", _("work")), _column("whose", _("for"))
    progress, age = _column("progress", _("progress")), _column("age", _("age"), "created_at")
    running, tries = _column("running", _("running")), _column("tries", _("attempts"))
    cost = _column("cost", _("cost"))
    list_display = ("state", "work", "whose", "progress", "age", "running", "tries", "cost")
    list_display_links = None
    sortable_by = ("age",)
    list_filter = (
        filters.StateFilter,
        filters.TypeFilter,
        ("company", AutocompleteSelectFilter),
        filters.AgeFilter,
        filters.EndFilter,
        filters.FailureFilter,
        filters.WaitingFilter,
    )
    list_filter_submit = True
    list_filter_sheet = True
    list_fullwidth = True
    list_per_page = 40
    list_disable_select_all = True
    list_before_template = "admin/jobs/backgroundjob/before.html"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("id",)
    search_help_text = search.HELP
    actions = tuple(_action(name) for name in VERBS)
    ordering = ("-created_at", "-id")

    @admin.display(description=ModelAdmin.action_checkbox.short_description)
    def action_checkbox(self, job: BackgroundJob) -> SafeString:
        """unfold's own box without its template: that took a sixth of the page's time."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="{}" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            job.pk,
            _BOX,
            _("Select record"),
        )

    @property
    def media(self) -> Media:
        script: Any = Script("build/desk.js", type="module")
        whole: Media = super().media + Media(js=[script])
        return whole

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[JobChangeList]:
        return JobChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: JobQuerySet, search_term: str
    ) -> tuple[JobQuerySet, bool]:
        return search.find(queryset, search_term), False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("lines/", wrap(self.lines), name="jobs_backgroundjob_lines"),
            path("act/<str:name>/", wrap(self.ask), name="jobs_backgroundjob_ask"),
            path("<uuid:pk>/bundle/", wrap(self.bundle), name="jobs_backgroundjob_bundle"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        more = {
            "title": _("Jobs"),
            "figures": now.figures(),
            "filters_of_list": request.GET.urlencode(),
            "verbs": VERBS.values() if self.has_change_permission(request) else (),
        }
        answer: HttpResponse = super().changelist_view(request, {**more, **(extra_context or {})})
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show one job. Nothing is changed here but by verbs."""
        job = self._seen(request, unquote(object_id))
        this = BackgroundJob.objects.filter(pk=job.pk)
        told = record.of(job)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "object": job,
            "record": told,
            "panels": panels.of(job),
            "progress": cells.live(told.job, "progress"),
            "verbs": [verb for verb in VERBS.values() if verb.fitting(this).exists()]
            if self.has_change_permission(request, job)
            else [],
        }
        context["title"] = told.label
        return TemplateResponse(request, "admin/jobs/backgroundjob/job.html", context)

    def bundle(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Return everything known of one job as a JSON file."""
        job = self._seen(request, str(pk))
        name = {"Content-Disposition": f'attachment; filename="job-{job.pk}.json"'}
        return HttpResponse(bundle.of(job), content_type="application/json", headers=name)

    def _seen(self, request: HttpRequest, object_id: str) -> BackgroundJob:
        """Return a job that this person may see."""
        job: BackgroundJob | None = self.get_object(request, object_id)
        if job is None:
            raise Http404
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        return job

    def lines(self, request: HttpRequest) -> HttpResponse:
        """Return the cells of lines an open page shows, and which of the jobs it has no line of its filters match."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        query = request.GET.copy()
        known, unknown = (_ids(query.pop(name, [])) for name in ("ids", "unknown"))
        request.GET = query  # type: ignore[assignment]  # what is left are the list's filters
        new: list[uuid.UUID] = []
        if unknown:
            matching = self.get_changelist_instance(request).queryset.filter(pk__in=unknown)
            new = list(matching.values_list("pk", flat=True))
        lines = {str(job.pk): {"version": job.version, "cells": cells.everything(job)} for job in rows.by_id(known)}
        return JsonResponse({"lines": lines, "new": new, "figures": now.figures().as_json()})

    def ask(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask before a verb is used, and use it."""
        return asking.ask(self, request, name)


def _ids(texts: list[Any]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in ",".join(map(str, texts)).split(",")[:_MOST_LINES] if text]
    except ValueError:
        raise Http404 from None
