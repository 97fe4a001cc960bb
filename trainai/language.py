"""In which language a page speaks: as its reader decided, else as their browser asks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from trainai.accounts.models import User


def of_socket(scope: dict[str, Any]) -> str:
    """Return the language of a WebSocket behind the session, by the same rule as a page's."""
    if isinstance(scope["user"], User) and scope["user"].language:
        return scope["user"].language
    asked = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    request: Any = SimpleNamespace(COOKIES=scope["cookies"], META={"HTTP_ACCEPT_LANGUAGE": asked})
    return translation.get_language_from_request(request)


class LanguageMiddleware(LocaleMiddleware):
    """Django's, and the choice a person stored with us before what their browser says."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        user = getattr(request, "user", None)
        if isinstance(user, User) and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
