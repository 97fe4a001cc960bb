"""Who works: every worker of every host, for reading."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from jobs import queries, registry
from jobs.models import JobQueue, Worker
from jobs.templatetags.desk import ago


@admin.register(Worker)
class WorkerAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """A row goes when its worker ends, or when somebody finds it dead."""

    list_display = ("name", "state", "doing", "began", "seen")
    list_display_links = None
    ordering = ("host", "pid")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("worker"), ordering="host")
    def name(self, worker: Worker) -> SafeString:
        return format_html('<span class="desk-mono">{}</span>', worker)

    @admin.display(description=_("state"))
    def state(self, worker: Worker) -> SafeString:
        alive = worker.seen_at > timezone.now() - datetime.timedelta(seconds=queries.LEASE_SECONDS)
        word = _now("alive") if alive else _now("silent")
        return format_html('<span class="badge {}">{}</span>', "ready" if alive else "stuck", word)

    @admin.display(description=_("works on"))
    def doing(self, worker: Worker) -> SafeString | str:
        place = JobQueue.objects.filter(worker_id=worker.pk, token__isnull=False).first()
        if place is None or place.job_id is None:
            return "" if place is None else _now("a schedule or task")
        address = reverse("admin:jobs_backgroundjob_change", args=[place.job_id])
        return format_html('<a class="desk-strong" href="{}">{}</a>', address, registry.label(place.job_type))

    @admin.display(description=_("began"), ordering="started_at")
    def began(self, worker: Worker) -> str:
        return ago(worker.started_at)

    @admin.display(description=_("last seen"), ordering="seen_at")
    def seen(self, worker: Worker) -> str:
        return ago(worker.seen_at)
