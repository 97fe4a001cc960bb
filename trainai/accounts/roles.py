"""The two roles of operators who are not superusers, made on every installation."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

READER = "Desk: sees everything, changes nothing"
OPERATOR = "Desk: sees everything, acts on jobs"
_ROOMS = ("accounts", "admin", "django_q", "jobs", "trainings")


def ensure(sender: AppConfig, **_: Any) -> None:
    """Give the roles what they may do, once all permissions exist."""
    looking = Permission.objects.filter(content_type__app_label__in=_ROOMS, codename__startswith="view_")
    acting = Permission.objects.filter(
        Q(content_type__app_label="jobs", codename="change_backgroundjob")
        | Q(content_type__app_label="jobs", codename__endswith="_joblimit")
        | Q(content_type__app_label="django_q", codename="change_schedule")
    )
    for name, may in ((READER, looking), (OPERATOR, looking | acting)):
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(may)


def last_app() -> AppConfig:
    """Return the app whose migration signal comes last: by then every permission was made."""
    return list(apps.get_app_configs())[-1]
