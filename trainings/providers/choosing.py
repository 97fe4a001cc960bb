"""Who works for a company: the provider it chose, else the installation's; and when this machine stands in.

Without the company's leave nobody stands in: the work waits, or fails and says why. With it, the local provider does
what a service elsewhere cannot, and the training says so.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from django.conf import settings
from django.utils import timezone

from jobs.errors import JobError, PermanentError, WaitUntil
from trainings.models import CompanyTerms

logger = logging.getLogger("trainings")
T = TypeVar("T")
Kind = Literal["transcriber", "sop_writer", "video_host"]

LOCAL: dict[Kind, str] = {"transcriber": "whisper", "sop_writer": "extractive", "video_host": "hls"}
NEEDS = {"openai": "OPENAI_API_KEY", "mux": "MUX_TOKEN_ID"}
"""The setting without which a provider elsewhere cannot work."""
PATIENCE = datetime.timedelta(minutes=1)
"""A service that is away for less is waited for, also where another may stand in."""

CANNOT = frozenset(
    [
        *("not_configured", "key_refused", "quota_used_up", "model_not_found", "request_refused", "refused"),
        *("answer_cut_off", "over_limit", "price_unknown", "daily_limit_reached", "video_never_ready"),
    ]
)
"""Codes of what the service will not do, however often it is asked."""
AWAY = frozenset(("service_down", "service_silent", "strange_answer", "rate_limited"))
"""Codes of what it will do later."""


@dataclass(frozen=True)
class Chosen:
    """Who does the work: a name in the settings, and the name of the one it stands in for."""

    name: str
    instead_of: str = ""


def is_configured(name: str) -> bool:
    """Say whether a provider can work on this installation."""
    return name not in NEEDS or bool(getattr(settings, NEEDS[name]))


def chosen(kind: Kind, company_id: uuid.UUID) -> str:
    """Return the name of the provider that works for a company. Raises `PermanentError` `not_configured`."""
    own = CompanyTerms.objects.filter(company_id=company_id).values_list(kind, flat=True).first()
    name: str = own or getattr(settings, kind.upper())
    known = getattr(settings, f"{kind.upper()}S")
    if name not in known or not is_configured(name):
        raise PermanentError(
            "not_configured",
            f"Your company chose {name} for this, which is not set up here. Whoever runs this installation must set "
            f"{NEEDS.get(name, kind.upper())}, or choose another one in the admin; then retry.",
        )
    return name


def do(kind: Kind, company_id: uuid.UUID, work: Callable[[Chosen], T]) -> T:
    """Have the company's provider do `work`; where it cannot and the company allows it, have the local one do it."""
    local = LOCAL[kind]
    name = ""
    try:
        name = chosen(kind, company_id)
        return work(Chosen(name))
    except JobError as error:
        if name == local or not _cannot(error) or not _may_stand_in(company_id):
            raise
        logger.warning("%s stands in for %s: %s", local, name or kind, error.code)
    return work(Chosen(local, instead_of=name or _wanted(kind, company_id)))


def _cannot(error: JobError) -> bool:
    if error.code in CANNOT:
        return True
    return error.code in AWAY and isinstance(error, WaitUntil) and error.when > timezone.now() + PATIENCE


def _may_stand_in(company_id: uuid.UUID) -> bool:
    return CompanyTerms.objects.filter(company_id=company_id, may_stand_in=True).exists()


def _wanted(kind: Kind, company_id: uuid.UUID) -> str:
    return CompanyTerms.objects.filter(company_id=company_id).values_list(kind, flat=True).first() or ""
