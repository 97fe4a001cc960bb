"""The admin as a window: what there is can be seen; what can be done are the product's own verbs."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from trainai.accounts.models import User
from trainings import (
    exports,
    ledger_admin,  # noqa: F401  registers its own
    removal,
    upload_turns,
)
from trainings.models import Training, Upload


class Window(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Rows are made and changed by the product alone."""

    show_full_result_count = False
    list_per_page = 50
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*(field.name for field in self.model._meta.fields), *self.more_fields]

    more_fields: tuple[str, ...] = ()


@admin.register(Training)
class TrainingAdmin(Window):
    """Trainings: looked at, renamed, deleted."""

    list_display = ("title", "company", "user", "state", "length", "created_at", "page")
    list_filter = ("created_at", "company")
    list_select_related = ("company", "user")
    search_fields = ("title", "id", "user__email")
    more_fields = ("state", "page")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Training]:
        return Training.objects.filter(deleted_at=None).prefetch_related("jobs")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in super().get_readonly_fields(request, obj) if name != "title"]

    def save_model(self, request: HttpRequest, obj: Training, form: Any, change: bool) -> None:
        if "title" in form.changed_data:
            obj.rename(obj.title)

    def delete_model(self, request: HttpRequest, obj: Training) -> None:
        assert isinstance(request.user, User)  # noqa: S101 (the admin's own login)
        removal.remove(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Training]) -> None:
        for training in queryset:
            self.delete_model(request, training)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Name the trainings; their thousands of words go without saying."""
        return [str(training) for training in objs], {"trainings": len(objs)}, set(), []

    @admin.display(description=_("status"))
    def state(self, training: Training) -> str:
        return _now(training.status)

    @admin.display(description=_("length"), ordering="duration")
    def length(self, training: Training) -> str:
        return exports.clock(training.duration) if training.duration is not None else _now("unknown")

    @admin.display(description=_("page"))
    def page(self, training: Training) -> str:
        return format_html('<a href="{}">{}</a>', training.get_absolute_url(), _now("Open the training"))


@admin.register(Upload)
class UploadAdmin(Window):
    """Uploads: looked at, and given up when they are open."""

    list_display = ("shown_name", "company", "user", "arrived", "state", "created_at", "expires_at")
    list_filter = ("created_at", "finished_at", "company")
    list_select_related = ("company", "user")
    search_fields = ("filename", "id", "user__email")
    more_fields = ("state",)
    actions = ("give_up",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_give_up_permission(self, request: HttpRequest) -> bool:
        """It deletes what a customer sent: looking at it is not enough."""
        return isinstance(request.user, User) and request.user.has_perm("trainings.delete_upload")

    @admin.action(description=_("Give up the open ones and delete their bytes"), permissions=["give_up"])
    def give_up(self, request: HttpRequest, queryset: QuerySet[Upload]) -> None:
        assert isinstance(request.user, User)  # noqa: S101 (the admin's own login)
        open_ones = queryset.filter(finished_at=None, discarded_at=None)
        given_up = sum(_give_up(upload, request.user) for upload in open_ones)
        self.message_user(
            request,
            ngettext("%(count)d upload given up.", "%(count)d uploads given up.", given_up) % {"count": given_up},
        )

    @admin.display(description=_("file"), ordering="filename")
    def shown_name(self, upload: Upload) -> str:
        return upload.filename or _now("(no name)")

    @admin.display(description=_("arrived"), ordering="offset")
    def arrived(self, upload: Upload) -> str:
        size = filesizeformat(upload.size) if upload.size is not None else "?"
        return _now("%(part)s of %(whole)s") % {"part": filesizeformat(upload.offset), "whole": size}

    @admin.display(description=_("state"))
    def state(self, upload: Upload) -> str:
        if upload.finished_at and not upload.discarded_at:
            return _now("complete")
        return _now("gone") if upload.is_gone else _now("open")


def _give_up(upload: Upload, by: User) -> bool:
    """Like the DELETE of the protocol: a request that writes at this moment stops first."""
    try:
        with upload_turns.take(upload.id):
            upload.refresh_from_db()
            if upload.finished_at:
                return False
            upload.discard()
            if training := Training.objects.filter(upload=upload).first():
                removal.remove(training, by=by)
            return True
    except upload_turns.TurnRefused:
        return False
