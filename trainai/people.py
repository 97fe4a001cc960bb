"""What a view may count on once somebody is logged in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from trainai.accounts.models import User

P = ParamSpec("P")


class PersonRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User


def person_required(
    view: Callable[Concatenate[PersonRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Send everybody else to the login; what the view gets is a PersonRequest."""
    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", login_required(view))


def may_create(user: User) -> bool:
    """Return whether this person makes trainings in the company they work for."""
    return user.membership is not None and user.membership.may_create


def way_back(request: HttpRequest, default: str) -> str:
    """Return the page of ours that a form names in `next`, else `default`."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else default
