"""Pages of the installation itself."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from trainai import patterns as shown
from trainai.accounts.models import User


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who build and look after the pages."""
    if not settings.DEBUG and not (isinstance(request.user, User) and request.user.is_staff):
        raise Http404
    return render(request, "patterns.html", shown.context())
