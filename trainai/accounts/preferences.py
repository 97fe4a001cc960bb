"""What a person decides for themselves: name, language, mails."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from trainai.accounts.forms import PreferencesForm
from trainai.people import PersonRequest, person_required


@person_required
def preferences(request: PersonRequest) -> HttpResponse:
    """Show and change them."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if form.is_valid():
        user = form.save()
        with translation.override(user.language or request.LANGUAGE_CODE):
            messages.success(request, _("Saved."))
        return redirect("accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form, "mails": bool(settings.EMAIL_URL)})
