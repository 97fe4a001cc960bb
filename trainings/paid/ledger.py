"""The ledger: every call is reserved with the most it can cost before it is made, and settled after it.

Two jobs of a company that would pass its limit together cannot: the reservation holds the company's row.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from jobs.errors import PermanentError, WaitUntil
from jobs.models import BackgroundJob
from trainai.accounts.models import Company
from trainings.models import CompanyTerms, ProviderCall
from trainings.paid import account

CENT = Decimal("0.01")
State = ProviderCall.State
LOST = "outcome_unknown"
"""The error of a call whose process died before it heard the answer."""
LONGEST_TIMEOUTS = 3
"""After so many times the longest that a call may take, whoever made it is gone."""
LOOK = datetime.timedelta(seconds=15)
"""Until somebody who waits for the calls of others to be settled looks again."""


@dataclass(frozen=True)
class Usage:
    """What a call used, as the service says."""

    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0


def reserve(*, provider: str, model: str, kind: str, at_most: Decimal | None) -> ProviderCall:
    """Open a line for a call that costs `at_most` US dollars, None when nobody knows.

    Raises `PermanentError` `over_limit` when it can never fit, `price_unknown` when a limit cannot be kept, `WaitUntil`
    `daily_limit_reached` when it fits another day, `limit_in_use` when it may fit as soon as open calls are settled.
    """
    payer = account.current()
    with transaction.atomic():
        if payer.company_id:
            Company.objects.select_for_update(no_key=True).get(pk=payer.company_id)
        if at_most is None:
            _check_unlimited(payer, model)
        else:
            _check_job(payer, at_most)
            _check_day(payer, at_most)
        return ProviderCall.objects.create(
            provider=provider,
            model=model,
            kind=kind,
            price=at_most or Decimal(0),
            company_id=payer.company_id,
            training_id=payer.training_id,
            job_id=payer.job_id,
        )


def settle(call: ProviderCall, usage: Usage, price: Decimal, *, request_id: str = "") -> None:
    """Write what an answered call used and cost. A useless answer is paid for too."""
    call.state, call.price, call.request_id = State.PAID, price, request_id[:100]
    call.seconds, call.input_tokens, call.output_tokens = usage.seconds, usage.input_tokens, usage.output_tokens
    call.save()


def give_back(call: ProviderCall, code: str, *, billed: bool = False) -> None:
    """Close the line of a call without an answer. `billed` keeps its estimate: nobody knows whether it was."""
    call.state, call.error = State.FAILED, code[:40]
    if not billed:
        call.price = Decimal(0)
    call.save()


def close_lost() -> int:
    """Close the lines of calls whose process died in the middle; return how many.

    Whether such a call was sent, and is billed, nobody here knows: it keeps the most it can cost. A process that lives
    gives up a call after `OPENAI_TIMEOUT`, and settles its line even when it was closed here.
    """
    over = timezone.now() - datetime.timedelta(seconds=LONGEST_TIMEOUTS * settings.OPENAI_TIMEOUT)
    lost = ProviderCall.objects.filter(state=State.OPEN, created_at__lt=over)
    return lost.update(state=State.FAILED, error=LOST)


def cost_of(calls: QuerySet[ProviderCall]) -> Decimal:
    """Return the US dollars of some calls, open ones with the most they can cost."""
    total: Decimal | None = calls.aggregate(total=Sum("price"))["total"]
    return total or Decimal(0)


def cost_for_output(job: BackgroundJob) -> dict[str, float]:
    """Return what a job's calls cost, as part of its output; nothing where nothing was called."""
    calls = ProviderCall.objects.filter(job_id=job.pk)
    return {"cost_usd": float(cost_of(calls))} if calls.exists() else {}


def daily_limit(company_id: uuid.UUID) -> Decimal | None:
    """Return the US dollars a company may spend a day; None means no limit."""
    own = CompanyTerms.objects.filter(company_id=company_id).values_list("daily_limit", flat=True).first()
    if own is not None:
        return own
    return settings.DAILY_LIMIT_CENTS * CENT if settings.DAILY_LIMIT_CENTS else None


def today() -> datetime.datetime:
    """Return the start of the day limits count in: midnight UTC."""
    return timezone.now().astimezone(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _check_unlimited(payer: account.Account, model: str) -> None:
    by_job = settings.JOB_LIMIT_CENTS and payer.job_id
    by_day = payer.company_id and daily_limit(payer.company_id) is not None
    if by_job or by_day:
        raise PermanentError(
            "price_unknown",
            f"Nobody knows what the model {model} costs, so the limit that is set cannot be kept. Ask whoever runs "
            "this installation to add its price to OPENAI_PRICES, then retry.",
        )


def _check_job(payer: account.Account, at_most: Decimal) -> None:
    limit = settings.JOB_LIMIT_CENTS * CENT
    if not limit or not payer.job_id:
        return
    spent, open_ = _spent(ProviderCall.objects.filter(job_id=payer.job_id))
    if spent + open_ + at_most <= limit:
        return
    detail = f"spent {spent}, under way at most {open_}, next call at most {at_most}"
    if spent + at_most <= limit:
        raise _in_use(limit, detail)
    raise PermanentError(
        "over_limit",
        f"This would cost more than the {limit:.2f} US dollars that one part may cost. "
        "Ask whoever runs this installation to raise the limit, then retry.",
        detail,
    )


def _check_day(payer: account.Account, at_most: Decimal) -> None:
    limit = daily_limit(payer.company_id) if payer.company_id else None
    if limit is None or payer.company_id is None:
        return
    spent, open_ = _spent(ProviderCall.objects.filter(company_id=payer.company_id, created_at__gte=today()))
    if spent + open_ + at_most <= limit:
        return
    detail = f"spent {spent} of {limit} today, under way at most {open_}, next call at most {at_most}"
    if at_most > limit:
        raise PermanentError(
            "over_limit",
            f"One call for this costs more than the {limit:.2f} US dollars a day of your company. "
            "Ask whoever runs this installation to raise the limit, then retry.",
            detail,
        )
    if spent + at_most <= limit:
        raise _in_use(limit, detail)
    raise WaitUntil(
        today() + datetime.timedelta(days=1),
        "daily_limit_reached",
        f"Your company's limit of {limit:.2f} US dollars a day is reached. This goes on by itself after midnight UTC.",
        detail,
    )


def _spent(calls: QuerySet[ProviderCall]) -> tuple[Decimal, Decimal]:
    """Return what calls cost for certain, and the most that open ones can still cost."""
    is_open = Q(state=State.OPEN)
    sums = calls.aggregate(spent=Sum("price", filter=~is_open), open=Sum("price", filter=is_open))
    return sums["spent"] or Decimal(0), sums["open"] or Decimal(0)


def _in_use(limit: Decimal, detail: str) -> WaitUntil:
    """Return the error for a limit that only the most which open calls can cost leaves no room under."""
    return WaitUntil(
        timezone.now() + LOOK,
        "limit_in_use",
        f"Calls that are under way may cost what is left of the {limit:.2f} US dollars. This goes on by itself as soon "
        "as they are settled.",
        detail,
    )
