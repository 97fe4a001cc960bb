"""A page that somebody may not see or use says who can allow it, and offers to ask them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from trainai.accounts.models import Company, Membership, User

MOST_OWNERS = 5
"""Who are named and can be written to; the first owners are the surest to be there."""


class NeedsOwner(PermissionDenied):
    """What may not be done, in a sentence; an owner of `company` can allow it. None: the person is in no company."""

    def __init__(self, message: str | Promise, company: Company | None) -> None:
        super().__init__(message)
        self.company = company


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what a person may not do with the page that says so. Owners are named to people of their company alone."""
    company = exception.company if isinstance(exception, NeedsOwner) else None
    context: dict[str, Any] = {"without_company": isinstance(exception, NeedsOwner) and company is None}
    if not context["without_company"]:
        context["reason"] = str(exception)
    if company is not None and isinstance(request.user, User):
        owners = _owners(company, request.user)
        letters = [(owner, _letter(request, request.user, owner, str(exception))) for owner in owners]
        names = get_text_list([str(owner) for owner in owners], _("and"))
        context |= {"company": company, "letters": letters, "names": names}
    return render(request, "403.html", context, status=403)


def _owners(company: Company, asking: User) -> list[User]:
    if not company.memberships.filter(user=asking).exists():
        return []
    owners = company.memberships.filter(role=Membership.Role.OWNER, user__is_active=True).select_related("user")
    return [membership.user for membership in owners.order_by("created_at", "id")[:MOST_OWNERS]]


def _letter(request: HttpRequest, asking: User, owner: User, reason: str) -> str:
    """Return the address of a mail that waits to be sent."""
    words = {
        "owner": owner,
        "reason": reason,
        "address": request.build_absolute_uri(reverse("accounts:people")),
        "who": asking,
    }
    body = _("Hello %(owner)s,\n\nTrainAI tells me: %(reason)s\nCould you change my role? %(address)s\n\n%(who)s")
    letter = {"subject": _("Please change what I may do in TrainAI"), "body": body % words}
    return f"mailto:{quote(owner.email)}?{urlencode(letter, quote_via=quote)}"
