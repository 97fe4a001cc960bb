"""Who works: every worker of every host, for reading."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, Subquery
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Worker]:
        """Return the workers, each with what it holds."""
        held = JobQueue.objects.filter(worker_id=OuterRef("pk"), token__isnull=False)
        workers: QuerySet[Worker] = super().get_queryset(request)
        return workers.annotate(
            holds=Exists(held),
            job_id=Subquery(held.values("job_id")[:1]),
            job_type=Subquery(held.values("job_type")[:1]),
        )

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
    def doing(self, worker: Any) -> SafeString | str:
        if worker.job_id is None:
            return _now("a schedule or task") if worker.holds else ""
        address = reverse("admin:jobs_backgroundjob_change", args=[worker.job_id])
        return format_html('<a class="desk-strong" href="{}">{}</a>', address, registry.label(worker.job_type))

    @admin.display(description=_("began"), ordering="started_at")
    def began(self, worker: Worker) -> str:
        return ago(worker.started_at)

    @admin.display(description=_("last seen"), ordering="seen_at")
    def seen(self, worker: Worker) -> str:
        return ago(worker.seen_at)
