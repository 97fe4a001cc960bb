"""django-q2's schedules: when something happens by itself, and whether it happened in time."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import django_q.admin  # noqa: F401  (it registers its own pages, and would do so after us)
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django_q.models import Failure, OrmQ, Schedule, Success, Task
from unfold.admin import ModelAdmin

from jobs import phrases
from jobs.admin import masking
from jobs.lengths import words

_OVERDUE_AFTER = datetime.timedelta(seconds=5)


@dataclass(frozen=True)
class Line:
    """A schedule as the dashboard shows it. `late` is in seconds."""

    schedule: Schedule
    name: str
    look: str
    word: str
    last: datetime.datetime | None
    late: float | None
    next_in: str


def lines() -> list[Line]:
    """Return every schedule with its last run."""
    schedules = list(Schedule.objects.order_by("name"))
    tasks = Task.objects.in_bulk([schedule.task for schedule in schedules if schedule.task])
    return [line(schedule, tasks.get(schedule.task)) for schedule in schedules]


def line(schedule: Schedule, task: Task | None) -> Line:
    """Return a schedule with what its last run says."""
    now = timezone.now()
    result = task.result if task and isinstance(task.result, dict) else {}
    overdue = schedule.repeats != 0 and schedule.next_run < now - _OVERDUE_AFTER
    if overdue:
        word, look = _("overdue: is a qcluster running?"), "stuck"
    elif task is None:
        word, look = _("has not run yet"), "waiting"
    else:
        word, look = (_("done"), "ready") if task.success else (_("failed"), "failed")
    seconds = (schedule.next_run - now).total_seconds()
    return Line(
        schedule,
        phrases.said(schedule.name or ""),
        look,
        word,
        task.stopped if task else None,
        result.get("late"),
        (_("in %(time)s") if seconds > 0 else _("%(time)s ago")) % {"time": words(abs(seconds))},
    )


for stock in (Schedule, Success, Failure, OrmQ):
    if admin.site.is_registered(stock):
        admin.site.unregister(stock)  # its pages belong to another interface; OrmQ is not our queue


@admin.register(Schedule)
class ScheduleAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """When it runs can be changed; what runs is for the program to say."""

    list_display = ("named", "last", "late", "next", "schedule_type")
    fields = ("name", "schedule_type", "minutes", "cron", "next_run", "repeats", "func")
    readonly_fields = ("name", "func")
    ordering = ("name",)
    actions = ("run_now",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_lazy("Run now"), permissions=["change"])
    @transaction.atomic
    def run_now(self, request: HttpRequest, queryset: Any) -> None:
        for schedule in queryset:
            self.log_change(request, schedule, "run now")
        number = queryset.update(next_run=timezone.now())
        self.message_user(
            request,
            ngettext("%(count)d will run within a second.", "%(count)d will run within a second.", number)
            % {"count": number},
        )

    @admin.display(description=_lazy("name"), ordering="name")
    def named(self, schedule: Schedule) -> str:
        return phrases.said(schedule.name or "")

    @admin.display(description=_lazy("last run"))
    def last(self, schedule: Schedule) -> SafeString:
        known = line(schedule, Task.objects.filter(pk=schedule.task).first())
        when = f"{known.last:%Y-%m-%d %H:%M:%S} UTC" if known.last else ""
        return format_html(
            '<div class="desk-cell"><span class="badge {}">{}</span><span class="desk-under">{}</span></div>',
            known.look,
            known.word,
            when,
        )

    @admin.display(description=_lazy("late by"))
    def late(self, schedule: Schedule) -> str:
        known = line(schedule, Task.objects.filter(pk=schedule.task).first())
        return "" if known.late is None else f"{known.late:.1f} s"

    @admin.display(description=_lazy("next run"), ordering="next_run")
    def next(self, schedule: Schedule) -> SafeString:
        known = line(schedule, None)
        return format_html(
            '<div class="desk-cell">{}<span class="desk-under">{}</span></div>',
            known.next_in,
            f"{schedule.next_run:%Y-%m-%d %H:%M:%S} UTC",
        )


class TaskAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Runs of schedules, for reading."""

    list_display = ("name", "func", "started", "stopped", "outcome")
    search_fields = ("name", "func")
    list_filter = ("group",)
    fields = ("name", "func", "group", "started", "stopped", "outcome")
    readonly_fields = fields
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_lazy("result"))
    def outcome(self, task: Task) -> str:
        return masking.text(str(task.result))[:2_000]


admin.site.register(Success, TaskAdmin)
admin.site.register(Failure, TaskAdmin)
