"""The shape of every error of the API: `{"error": {"code", "message", "fields"?}}`."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.template.loader import render_to_string
from django.views import defaults
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from trainai import unsent


def handle_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return an error as the API's answer; None for one that is a bug, which Django answers with 500."""
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = body("invalid", "Some values are not right.", fields=error.detail)
    elif isinstance(error, exceptions.APIException):
        response.data = body(str(error.get_codes()), str(error.detail))
    elif isinstance(error, Http404):
        response.data = body("not_found", "There is nothing at this address that you may see.")
    else:
        response.data = body("permission_denied", "You may not do this.")
    return response


def body(code: str, message: str, *, fields: Any = None) -> dict[str, Any]:
    """Return an error's JSON body."""
    return {"error": {"code": code, "message": message} | ({"fields": fields} if fields else {})}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere: JSON to a program, a page to a person."""
    if request.path_info.startswith("/api/"):
        error = body("not_found", "There is nothing at this address that you may see.")
        return JsonResponse(error, status=status.HTTP_404_NOT_FOUND)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after a bug: JSON to a program, a page to a person."""
    if request.path_info.startswith("/api/"):
        error = body("server_error", "Something went wrong here. It was logged.")
        return JsonResponse(error, status=status.HTTP_500_INTERNAL_SERVER_ERROR)
    # Without the request: what a page's header reads may be what broke.
    return HttpResponseServerError(render_to_string("500.html", {"unsent": unsent.texts(request)}))
