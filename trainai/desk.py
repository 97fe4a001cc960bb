"""How the admin looks and what its menu holds: django-unfold's settings."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

# The pages' own paper, ink and green (static_src/css/tokens.css), in the steps that unfold names.
_PAPER = ("#fbf9f4", "#f4f0e8", "#e6dfd2", "#d3cabb", "#a49d90", "#79725f", "#625d53", "#464139", "#2f2b26", "#1e1c19")
_GREEN = ("#eff6f2", "#e1ede7", "#c3ddd2", "#97c6b4", "#6cc7ae", "#2f8a72", "#17614f", "#134f41", "#103f34", "#0c2f27")
_STEPS = ("50", "100", "200", "300", "400", "500", "600", "700", "800", "900")


def _link(title: Any, icon: str, address: str, permission: str, query: str = "") -> dict[str, Any]:
    link = reverse_lazy(address)
    return {
        "title": title,
        "icon": icon,
        "link": (lambda _request: f"{link}{query}") if query else link,
        "permission": lambda request: request.user.has_perm(permission),
    }


_JOBS, _MAY_SEE_JOBS = "admin:jobs_backgroundjob_changelist", "jobs.view_backgroundjob"

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("TrainAI desk"),
    "SITE_HEADER": _("TrainAI desk"),
    "SITE_SYMBOL": "stacks",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("trainai/favicon.svg")}],
    "SITE_URL": "/",
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "base": {**dict(zip(_STEPS, _PAPER, strict=True)), "950": "#151412"},
        "primary": {**dict(zip(_STEPS, _GREEN, strict=True)), "950": "#081f1a"},
    },
    "STYLES": [lambda _request: static("build/desk.css")],
    "DASHBOARD_CALLBACK": "jobs.admin.dashboard.fill",
    "SIDEBAR": {
        "show_search": False,
        "navigation": [
            {
                "title": _("Work"),
                "items": [
                    {"title": _("Desk"), "icon": "monitoring", "link": reverse_lazy("admin:index")},
                    _link(_("Jobs"), "checklist", _JOBS, _MAY_SEE_JOBS),
                    _link(_("Workers"), "memory", "admin:jobs_worker_changelist", "jobs.view_worker"),
                    _link(_("Limits"), "pause_circle", "admin:jobs_joblimit_changelist", "jobs.view_joblimit"),
                    _link(_("Schedules"), "schedule", "admin:django_q_schedule_changelist", "django_q.view_schedule"),
                ],
            },
            {
                "title": _("Content"),
                "items": [
                    _link(_("Trainings"), "school", "admin:trainings_training_changelist", "trainings.view_training"),
                    _link(_("Uploads"), "upload", "admin:trainings_upload_changelist", "trainings.view_upload"),
                ],
            },
            {
                "title": _("People"),
                "items": [
                    _link(_("Companies"), "domain", "admin:accounts_company_changelist", "accounts.view_company"),
                    _link(_("People"), "group", "admin:accounts_user_changelist", "accounts.view_user"),
                    _link(_("Roles"), "badge", "admin:auth_group_changelist", "auth.view_group"),
                ],
            },
        ],
    },
}
