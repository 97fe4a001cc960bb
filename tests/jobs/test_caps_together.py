"""Two sessions that claim at the same moment: real commits, stopped at a named point."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs import claim, queue, states
from jobs.models import JobLimit, JobQueue
from tests.jobs.conftest import Make
from trainai.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def take() -> claim.Claimed | None:
    """Claim as some worker."""
    taken = claim.take(uuid.uuid4(), "test", claim.Wanted())
    assert not isinstance(taken, claim.Task)
    return taken


@contextmanager
def claimed_but_not_committed() -> Iterator[Callable[[], Future[claim.Claimed | None]]]:
    """Claim in a transaction that commits at the end; gives what makes another session claim meanwhile.

    The other's future is returned once its claim has ended or waits for our commit.
    """
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        assert take()
        yield lambda: _meanwhile(pool)


def _meanwhile(pool: ThreadPoolExecutor) -> Future[claim.Claimed | None]:
    backend, known = [0], threading.Event()

    def other() -> claim.Claimed | None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backend[0] = cursor.fetchone()[0]
            known.set()
            return take()
        finally:
            connection.close()

    future = pool.submit(other)
    assert known.wait(60)
    while not future.done():
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", backend)
            if cursor.fetchone()[0]:
                break
    return future


@pytest.fixture(autouse=True)
def _work(transactional_db: None, handle: Callable[..., None]) -> None:
    handle("dig", lambda context: {})
    handle("lift", lambda context: {})


def test_two_claims_at_once_do_not_both_pass_the_cap_of_a_type(enqueue: Make) -> None:
    JobLimit.objects.create(job_type="dig", most=1)
    enqueue("dig"), enqueue("dig")
    with claimed_but_not_committed() as meanwhile:
        second = meanwhile()
        assert not second.done()
    assert second.result(60) is None


def test_two_claims_at_once_do_not_both_pass_the_cap_of_all_heavy_types(
    enqueue: Make, handle: Callable[..., None]
) -> None:
    for kind in ("carry", "haul", "lift"):
        handle(kind, lambda context: {}, share=0.5)
        enqueue(kind)
    assert take()
    with claimed_but_not_committed() as meanwhile:
        second = meanwhile()
        assert not second.done()
    assert second.result(10) is None


def test_two_claims_at_once_do_not_both_pass_the_cap_of_a_company(enqueue: Make, alice: User) -> None:
    JobLimit.objects.create(company=alice.company, most=1)
    enqueue("dig"), enqueue("lift")
    with claimed_but_not_committed() as meanwhile:
        second = meanwhile()
    assert second.result(60) is None


def test_a_claim_that_is_rolled_back_leaves_its_place(enqueue: Make) -> None:
    JobLimit.objects.create(job_type="dig", most=1)
    enqueue("dig"), enqueue("dig")
    with claimed_but_not_committed() as meanwhile:
        second = meanwhile()
        transaction.set_rollback(True)
    assert second.result(60)


def test_a_claim_passes_by_what_another_is_taking(enqueue: Make, charlie: User) -> None:
    enqueue("dig")
    assert charlie.company
    queue.enqueue("dig", user=charlie, company=charlie.company)
    with claimed_but_not_committed() as meanwhile:
        second = meanwhile().result(60)
    assert second
    assert JobQueue.objects.filter(token=None).count() == 0


def test_a_claim_waits_for_nobody_who_holds_what_was_put_off(enqueue: Make) -> None:
    held = enqueue("dig", priority=1, run_at=timezone.now() + timedelta(hours=1))
    JobQueue.objects.filter(job=held).update(run_at="2000-01-01T00:00Z")
    other = enqueue("lift", priority=9)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        JobQueue.objects.select_for_update().get(job=held)
        taken = _meanwhile(pool).result(10)
    assert taken
    assert taken.job == other
    later = take()
    assert later
    assert later.job == held


def test_many_workers_never_run_more_than_the_caps_let_them(enqueue: Make, alice: User) -> None:
    JobLimit.objects.create(job_type="dig", most=2)
    JobLimit.objects.create(company=alice.company, most=3)
    for _ in range(24):
        enqueue("dig"), enqueue("lift")
    seen: list[tuple[int, int]] = []

    def work() -> None:
        try:
            while JobQueue.objects.exists():
                if taken := take():
                    running = list(JobQueue.objects.filter(token__isnull=False).values_list("job_type", flat=True))
                    seen.append((running.count("dig"), len(running)))
                    states.complete(taken.lease, {})
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(work) for _ in range(4)]:
            future.result(60)
    assert len(seen) == 48
    assert max(digs for digs, _ in seen) <= 2
    assert max(jobs for _, jobs in seen) <= 3
