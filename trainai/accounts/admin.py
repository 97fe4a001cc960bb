"""People and companies at the operators' desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from trainai.accounts.models import Company, Membership, User
from trainings import quota


class MembershipInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """Who belongs to which company."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user", "company")


@admin.register(Company)
class CompanyAdmin(ModelAdmin):  # type: ignore[misc]
    """Tenants."""

    list_display = ("name", "people", "quota_bytes", "created_at")
    search_fields = ("name", "id")
    readonly_fields = ("id", "taken", "created_at")
    fields = ("name", "quota_bytes", "taken", "id", "created_at")
    inlines = (MembershipInline,)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Company]:
        return Company.objects.annotate(people=Count("memberships"))

    @admin.display(description=_("people"), ordering="people")
    def people(self, company: Any) -> int:
        return int(company.people)

    @admin.display(description=_("space taken by recordings"))
    def taken(self, company: Company) -> str:
        return filesizeformat(quota.used(company)) if company.pk else ""


@admin.register(User)
class UserAdmin(StockUserAdmin, ModelAdmin):  # type: ignore[type-arg, misc]
    """People, by their address."""

    form, add_form, change_password_form = UserChangeForm, UserCreationForm, AdminPasswordChangeForm
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "name", "id")
    ordering = ("email",)
    readonly_fields = ("id", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("What they may do"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Record"), {"fields": ("id", "last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    inlines = (MembershipInline,)
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only a superuser hands out power over the installation."""
        power = () if request.user.is_superuser else ("is_staff", "is_superuser", "groups", "user_permissions")
        return (*self.readonly_fields, *power)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(StockGroupAdmin, ModelAdmin):  # type: ignore[misc]
    """Roles of operators."""
