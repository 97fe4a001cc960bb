"""A path works with and without its last slash, for every method and without a redirect."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import is_valid_path


class SlashMiddleware:
    """Gives the view the spelling that leads somewhere: a redirect would lose the body of a POST."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.path_info = resolvable(request.path_info)
        return self.get_response(request)


def resolvable(path: str) -> str:
    """Return `path`, or the same with its last slash added or taken away when only that leads somewhere."""
    other = path.rstrip("/") if path.endswith("/") else f"{path}/"
    return other if other and not is_valid_path(path) and is_valid_path(other) else path
