"""What happens after too many wrong passwords (django-axes calls both functions)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def username(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Return whose tries are counted: one address, however it is spelt."""
    given = (credentials or {}).get("username") or (request.POST.get("username", "") if request else "")
    return str(given).lower()


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Say that there were too many tries, and when the next one counts."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)
