"""The form of what a company wants of services elsewhere: only what can work on this installation is offered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from trainings.models import CompanyTerms
from trainings.providers import choosing

KINDS = {
    "transcriber": _("Who listens"),
    "sop_writer": _("Who writes the steps"),
    "video_host": _("Who hosts the videos"),
}


class TermsForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A choice of providers per kind; empty means the installation's."""

    class Meta:
        model = CompanyTerms
        fields = ("company", "daily_limit", "words", *KINDS, "may_stand_in")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind, label in KINDS.items():
            default = getattr(settings, kind.upper())
            names = [name for name in getattr(settings, f"{kind.upper()}S") if choosing.is_configured(name)]
            choices = [
                ("", _now("as the installation: %(name)s") % {"name": default}),
                *((name, name) for name in names),
            ]
            self.fields[kind] = forms.ChoiceField(choices=choices, required=False, label=label)
