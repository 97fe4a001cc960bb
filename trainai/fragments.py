"""A page and its parts from the same templates: the page includes them, the live update asks for them by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

HEADER = "X-Fragments"


def respond(
    request: HttpRequest, template: str, context: dict[str, Any], *, fragments: Mapping[str, str]
) -> HttpResponse:
    """Render the page, or only the fragments its header names (comma-separated); unknown names are left out."""
    wanted = request.headers.get(HEADER)
    if wanted is None:
        response = render(request, template, context)
    else:
        fragments = {**fragments, "messages": "_messages.html", "at-work": "_at_work.html", "work": "_work.html"}
        known = [fragments[name] for name in wanted.split(",") if name in fragments]
        response = HttpResponse("".join(render_to_string(name, context, request) for name in known))
    response["Vary"] = f"Cookie, {HEADER}"
    response["Cache-Control"] = "private, no-store"
    return response
