"""The limit of a company holds when several jobs ask at the same moment. Commits for real: locks are the subject."""

from __future__ import annotations

import datetime
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs.errors import PermanentError, WaitUntil
from jobs.models import BackgroundJob
from trainai.accounts.models import User
from trainings import schedules
from trainings.models import CompanyTerms, ProviderCall, Service
from trainings.paid import account, breaker, ledger, prices
from trainings.paid.ledger import Usage
from trainings.paid.prices import Price


def reserve(at_most: str = "0.30") -> ProviderCall:
    return ledger.reserve(provider="openai", model="m", kind="sop", at_most=Decimal(at_most))


@pytest.mark.django_db(transaction=True)
def test_jobs_side_by_side_never_pass_the_limit_together(alice: User) -> None:
    assert alice.company
    company = alice.company
    CompanyTerms.objects.create(company=company, daily_limit=Decimal("1.00"))
    job = BackgroundJob(company=company, user=alice, job_type="sop_generation")
    start = threading.Barrier(8)
    refused: list[WaitUntil] = []

    def work() -> None:
        try:
            with account.charged_to(job):
                start.wait()
                reserve()
        except WaitUntil as error:
            refused.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert ProviderCall.objects.count() == 3
    assert ledger.cost_of(ProviderCall.objects.all()) == Decimal("0.90")
    assert len(refused) == 5


@pytest.mark.django_db
def test_what_was_reserved_and_not_used_is_free_again(alice: User) -> None:
    assert alice.company
    CompanyTerms.objects.create(company=alice.company, daily_limit=Decimal("0.50"))
    with account.charged_to(BackgroundJob(company=alice.company, user=alice)):
        ledger.settle(reserve("0.40"), Usage(input_tokens=10), Decimal("0.01"))
        ledger.give_back(reserve("0.40"), "service_down")
        reserve("0.40")
        with pytest.raises(WaitUntil):
            reserve("0.40")
        with pytest.raises(PermanentError, match=r"more than the 0\.50"):
            reserve("0.60")


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["job", "day"])
def test_only_what_is_spent_ends_the_work_and_what_is_under_way_is_waited_for(
    alice: User, settings: Settings, by: str
) -> None:
    settings.JOB_LIMIT_CENTS, settings.DAILY_LIMIT_CENTS = (50, 0) if by == "job" else (0, 50)
    with account.charged_to(BackgroundJob(company=alice.company, user=alice)):
        under_way = reserve("0.40")
        with pytest.raises(WaitUntil) as waits:
            reserve("0.40")
        assert waits.value.code == "limit_in_use"
        assert waits.value.when < timezone.now() + datetime.timedelta(minutes=1)
        ledger.settle(under_way, Usage(), Decimal("0.01"))
        ledger.settle(reserve("0.40"), Usage(), Decimal("0.40"))
        with pytest.raises(PermanentError if by == "job" else WaitUntil) as ends:
            reserve("0.40")
        assert ends.value.code == ("over_limit" if by == "job" else "daily_limit_reached")


@pytest.mark.django_db
def test_a_call_whose_worker_was_killed_is_closed_at_the_most_it_can_cost(alice: User, media_root: Path) -> None:
    with account.charged_to(BackgroundJob(company=alice.company, user=alice)):
        lost, under_way = reserve("0.40"), reserve("0.10")
        ledger.settle(reserve("0.30"), Usage(), Decimal("0.01"))
    ProviderCall.objects.exclude(pk=under_way.pk).update(created_at=ledger.today() - datetime.timedelta(days=1))
    assert schedules.sweep()["calls"] == 1
    lost.refresh_from_db()
    assert (lost.state, lost.error, lost.price) == ("failed", "outcome_unknown", Decimal("0.40"))
    assert list(ProviderCall.objects.filter(state="open")) == [under_way]
    assert ledger.cost_of(ProviderCall.objects.all()) == Decimal("0.51")


@pytest.mark.django_db
def test_an_answer_that_comes_after_all_is_booked_as_it_is(alice: User) -> None:
    with account.charged_to(BackgroundJob(company=alice.company, user=alice)):
        call = reserve("0.40")
    ProviderCall.objects.update(created_at=ledger.today() - datetime.timedelta(days=1))
    assert ledger.close_lost() == 1
    ledger.settle(call, Usage(seconds=9), Decimal("0.20"))
    call.refresh_from_db()
    assert (call.state, call.error, call.price) == ("paid", "", Decimal("0.20"))


@pytest.mark.django_db
def test_one_tries_a_broken_service_while_the_others_wait() -> None:
    for _ in range(2):
        breaker.failed("openai m", "service_down")
    with pytest.raises(WaitUntil):
        breaker.failed("openai m", "service_down")
    with pytest.raises(WaitUntil):
        breaker.check("openai m")
    Service.objects.update(closed_until=ledger.today())
    breaker.check("openai m")
    with pytest.raises(WaitUntil):
        breaker.check("openai m")
    breaker.answered("openai m")
    breaker.check("openai m")
    breaker.check("openai m")


@pytest.mark.django_db
def test_a_time_that_the_service_named_stands_whatever_comes_back_meanwhile() -> None:
    until = timezone.now() + datetime.timedelta(minutes=10)
    breaker.failed("mux", "service_down")
    breaker.hold("mux", until, "rate_limited")
    breaker.answered("mux")
    for _ in range(4):
        with pytest.raises(WaitUntil) as waits:
            breaker.failed("mux", "service_down")
        assert (waits.value.when, waits.value.code) == (until, "rate_limited")
    breaker.answered("mux")
    with pytest.raises(WaitUntil):
        breaker.check("mux")
    Service.objects.update(closed_until=ledger.today())
    breaker.check("mux")
    breaker.answered("mux")
    assert Service.objects.get().closed_until is None


def test_prices_are_by_the_second_and_by_the_token() -> None:
    assert Price(minute=Decimal("0.006")).of(seconds=90.2) == Decimal("0.0091")
    assert Price(input=Decimal("0.1"), output=Decimal("0.5")).of(input_tokens=10**6, output_tokens=10**6) == Decimal(
        "0.6"
    )


def test_prices_of_other_models_come_by_the_setting(settings: Settings) -> None:
    settings.OPENAI_PRICES = ["my-ear=0.006/min", "my-pen=0.1:0.5"]
    assert prices.price_of("my-ear") == Price(minute=Decimal("0.006"))
    assert prices.price_of("my-pen") == Price(input=Decimal("0.1"), output=Decimal("0.5"))
    assert prices.price_of("unknown") is None
    settings.OPENAI_PRICES = ["my-ear"]
    with pytest.raises(prices.BadPrice):
        prices.price_of("my-ear")
