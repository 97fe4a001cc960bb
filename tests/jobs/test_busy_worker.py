"""A busy worker claims its next job with the end of the last one: both happen or neither does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from jobs import claim, prepared
from jobs.context import Context
from jobs.models import BackgroundJob, JobAttempt, JobQueue
from jobs.worker import Loop
from tests.jobs.conftest import Make

pytestmark = pytest.mark.django_db(transaction=True)

Handle = Callable[..., None]


def _work(loop: Loop) -> None:
    """Do all that is due as a resident worker does."""
    loop.stay(until=lambda: not BackgroundJob.objects.filter(status__in=("pending", "processing")).exists())


def _noted(ran: list[Any], what: Any) -> dict[str, Any]:
    ran.append(what)
    return {}


def _states() -> list[str]:
    return list(BackgroundJob.objects.order_by("created_at").values_list("status", flat=True))


def test_each_job_of_a_row_runs_once(handle: Handle, enqueue: Make) -> None:
    ran: list[int] = []
    handle("count", lambda context: _noted(ran, context.input["n"]))
    for n in range(20):
        enqueue("count", input_data={"n": n})
    _work(Loop(resident=True))
    assert ran == list(range(20))
    assert JobAttempt.objects.filter(outcome="completed").count() == 20
    assert not JobQueue.objects.exists()


def test_what_was_claimed_ahead_is_handed_back_by_a_worker_that_ends(handle: Handle, enqueue: Make) -> None:
    handle("fine", lambda _: {})
    enqueue("fine")
    enqueue("fine")
    loop = Loop(resident=True)
    loop.stay(until=lambda: bool(loop.tally.processed))
    assert _states() == ["completed", "pending"]
    row = JobQueue.objects.get()
    assert (row.token, row.worker_id, row.attempt, row.deaths) == (None, None, 0, 0)


def test_a_worker_that_is_told_to_stop_claims_nothing_more(handle: Handle, enqueue: Make) -> None:
    loop = Loop(resident=True)

    def stop(_: Context) -> dict[str, Any]:
        loop.stopping = True
        return {}

    handle("last", stop)
    enqueue("last")
    enqueue("last")
    loop.stay()
    assert _states() == ["completed", "pending"]
    assert JobAttempt.objects.count() == 1


def test_a_job_that_others_wait_for_makes_them_due(handle: Handle, enqueue: Make) -> None:
    ran: list[str] = []
    for name in ("first", "then", "other"):
        handle(name, lambda context: _noted(ran, context.job.job_type))
    first = enqueue("first")
    enqueue("then", depends_on=first)
    enqueue("other")
    _work(Loop(resident=True))
    assert sorted(ran) == ["first", "other", "then"]
    assert _states() == ["completed"] * 3


@pytest.mark.parametrize("answered", [True, False], ids=["before the commit", "after the commit"])
def test_a_connection_that_breaks_between_two_jobs_loses_neither(
    handle: Handle, enqueue: Make, monkeypatch: pytest.MonkeyPatch, answered: bool
) -> None:
    """Nobody knows then whether the first job is over and the second one claimed."""
    ran: list[int] = []
    handle("count", lambda context: _noted(ran, context.input["n"]))
    for n in range(3):
        enqueue("count", input_data={"n": n})
    whole, broken = prepared.execute_all, list[bool]()

    def breaks_once(*statements: prepared.Statement) -> list[list[dict[str, Any]]]:
        if broken:
            return whole(*statements)
        broken.append(True)
        if not answered:
            whole(*statements)
        connection.close()
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(prepared, "execute_all", breaks_once)
    _work(Loop(resident=True))
    assert broken
    assert sorted(ran) == [0, 1, 2]
    assert _states() == ["completed"] * 3
    assert not JobQueue.objects.exists()
    assert not BackgroundJob.objects.exclude(retry_count=0).exists()


def test_a_refused_claim_does_not_undo_the_end_of_the_job_before(
    handle: Handle, enqueue: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last place under a cap went to another worker in the same moment: the unique index decides."""
    whole = claim.statement

    def two_in_one_place(*_: Any) -> prepared.Statement:
        monkeypatch.setattr(claim, "statement", whole)
        text = "UPDATE job_queue SET token = gen_random_uuid(), type_place = 1 WHERE token IS NULL AND %(all)s"
        return text, {"all": True}

    def run(_: Context) -> dict[str, Any]:
        if not ran:
            monkeypatch.setattr(claim, "statement", two_in_one_place)
        ran.append(True)
        return {}

    ran: list[bool] = []
    handle("capped", run)
    for _ in range(3):
        enqueue("capped")
    _work(Loop(resident=True))
    assert claim.statement is whole
    assert _states() == ["completed"] * 3
    assert JobAttempt.objects.count() == 3
