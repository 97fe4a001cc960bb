"""Who may make and change trainings. Who may see them is answered by `visible_to` alone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from trainai.accounts.models import Membership, User

VIEWERS_MAY_WATCH = _("You may watch trainings here, not make or change them.")
VIEWERS_MAY_NOT = _("You may watch trainings here, not make or change them. Ask an owner of your company.")


def require_maker(request: Request) -> Membership:
    """Return the membership under which this person makes trainings; 403 for viewers and people without company."""
    membership = request.user.membership if isinstance(request.user, User) else None
    if membership is None or not membership.may_create:
        raise PermissionDenied(VIEWERS_MAY_NOT)
    return membership
