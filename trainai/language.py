"""In which language a page speaks: as its reader decided, else as their browser asks."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from trainai.accounts.models import User


class LanguageMiddleware(LocaleMiddleware):
    """Django's, and the choice a person stored with us before what their browser says."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        user = getattr(request, "user", None)
        if isinstance(user, User) and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
