"""Whose turn it is, and what holds work up: the claims of one worker or some, one after the other."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs import activity, claim, events, limits, queue, states, stats
from jobs.activity import Shown
from jobs.models import BackgroundJob, JobLimit, JobQueue, Worker
from jobs.models.queue import NOBODY
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make
from trainai.accounts.models import Company, User

pytestmark = pytest.mark.django_db


def take(after: uuid.UUID = NOBODY) -> claim.Claimed | None:
    """Claim as some worker."""
    taken = claim.take(uuid.uuid4(), "test", claim.Wanted(), after=after)
    assert not isinstance(taken, claim.Task)
    return taken


def waits_for(job: BackgroundJob) -> str:
    """What a page says that a job waits for."""
    return events.waits_for(events.readable(BackgroundJob.objects.filter(pk=job.pk)).get(), limits.Lookup())


@pytest.fixture(autouse=True)
def _work(handle: Callable[..., None]) -> None:
    handle("dig", lambda context: {}, label="Digging")
    handle("lift", lambda context: {}, label="Lifting", share=0.5)
    handle("haul", lambda context: {}, label="Hauling", share=0.3)


def crew(number: int) -> None:
    """Let so many workers live."""
    Worker.objects.bulk_create(Worker(host="here", pid=1, ticks=1) for _ in range(number))


def test_a_company_with_hundreds_of_jobs_lets_another_go_next(enqueue: Make, charlie: User) -> None:
    for _ in range(200):
        enqueue("dig", priority=1)
    first = take()
    assert first
    assert charlie.company
    late = queue.enqueue("dig", user=charlie, company=charlie.company, priority=10)
    states.complete(first.lease, {})
    following = take(after=first.job.company_id)
    assert following
    assert following.job == late


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(
    waiting=st.lists(st.integers(1, 8), min_size=2, max_size=5),
    workers=st.integers(1, 3),
    turns=st.lists(st.integers(0, 2), min_size=20, max_size=20),
)
def test_a_company_that_runs_nothing_waits_one_start_of_each_other_on_each_worker(
    alice: User, waiting: list[int], workers: int, turns: list[int]
) -> None:
    JobQueue.objects.all().delete()
    companies = [Company.objects.create(name=str(number)) for number in range(len(waiting))]
    for company, jobs in zip(companies, waiting, strict=True):
        for _ in range(jobs):
            queue.enqueue("dig", user=alice, company=company)
    running: dict[int, claim.Claimed] = {}
    after = [uuid.uuid4() for _ in range(workers)]
    starts = {company.pk: Counter[tuple[uuid.UUID, int]]() for company in companies}
    left = {company.pk: jobs for company, jobs in zip(companies, waiting, strict=True)}
    for turn in turns:
        worker = turn % workers
        if worker in running:
            states.complete(running.pop(worker).lease, {})
        taken = take(after=after[worker])
        if taken is None:
            assert not any(left.values())
            break
        after[worker] = chosen = taken.job.company_id
        running[worker] = taken
        left[chosen] -= 1
        busy = {one.job.company_id for one in running.values()}
        for waiter, counted in starts.items():
            if waiter in busy or not left[waiter]:
                counted.clear()
            else:
                counted[chosen, worker] += 1
                assert counted[chosen, worker] <= 1


def test_within_a_company_priority_is_strict_over_all_types(enqueue: Make) -> None:
    made = [enqueue(kind, priority=priority) for priority in (7, 3, 9, 1) for kind in ("lift", "dig", "haul")]
    taken = run_due_jobs()
    assert len(taken) == len(made)
    assert [job.priority for job in taken] == sorted(job.priority for job in made)


def test_the_two_heavy_parts_of_one_training_run_side_by_side_on_two_workers(enqueue: Make) -> None:
    crew(2)
    lift, haul = enqueue("lift"), enqueue("haul")
    taken = [take() for _ in range(3)]
    assert [one and one.job for one in taken] == [lift, haul, None]


@pytest.mark.parametrize("workers", [3, 4, 8])
def test_from_three_workers_on_the_heavy_kinds_together_leave_one_to_the_others(enqueue: Make, workers: int) -> None:
    crew(workers)
    heavy = [
        enqueue(kind, priority=1) for _ in range(workers) for kind in ("transcription", "mux_upload", "step_pictures")
    ]
    lights = [enqueue("sop_generation", priority=10) for _ in range(2)]
    taken = [one for one in (take() for _ in range(workers)) if one]
    assert {one.job for one in taken[:-1]} < set(heavy)
    assert taken[-1].job == lights[0]
    states.complete(taken[-1].lease, {})
    following = take()
    assert following
    assert following.job == lights[1]


def test_what_waits_for_a_place_among_all_heavy_kinds_says_so(enqueue: Make) -> None:
    crew(3)
    for kind in ("transcription", "mux_upload"):
        enqueue(kind)
        assert take()
    pictures = enqueue("step_pictures")
    JobQueue.objects.filter(job=pictures).update(run_at="2000-01-01T00:00Z")
    assert take() is None
    assert waits_for(pictures) == "waits for a place: 2 long parts run at once"
    assert stats.collect()["stuck"] == []


def test_what_was_put_off_has_its_place_by_priority_once_it_is_due(enqueue: Make) -> None:
    soon = enqueue("dig", priority=1, run_at=timezone.now() + timedelta(hours=1))
    others = [enqueue("lift", priority=5), enqueue("haul", priority=5)]
    first = take()
    assert first
    assert first.job == others[0]
    JobQueue.objects.filter(job=soon).update(run_at="2000-01-01T00:00Z")
    second = take()
    assert second
    assert second.job == soon


def test_whose_work_is_for_later_does_not_stand_in_the_way(enqueue: Make, alice: User, charlie: User) -> None:
    later = timezone.now() + timedelta(hours=1)
    for number in range(40):
        company = Company.objects.create(name=str(number))
        queue.enqueue("dig", user=alice, company=company, run_at=later, priority=1)
    assert take() is None
    assert charlie.company
    due = [enqueue("dig"), queue.enqueue("dig", user=charlie, company=charlie.company)]
    first = take()
    assert first
    second = take(after=first.job.company_id)
    assert second
    assert {first.job, second.job} == set(due)
    assert take() is None


def test_a_heavy_kind_leaves_workers_to_the_others(enqueue: Make) -> None:
    crew(4)
    heavy = [enqueue("lift", priority=1) for _ in range(3)]
    light = enqueue("dig", priority=10)
    taken = [take() for _ in range(4)]
    assert [one and one.job for one in taken] == [heavy[0], heavy[1], light, None]
    assert waits_for(heavy[2]) == "waits for a place: 2 of its kind run at once"
    assert taken[0]
    states.complete(taken[0].lease, {})
    assert waits_for(heavy[2]) == "waits for its turn"
    following = take()
    assert following
    assert following.job == heavy[2]


def test_a_company_has_the_cap_that_is_set_for_it(enqueue: Make, alice: User, charlie: User, settings: Any) -> None:
    settings.COMPANY_JOBS = 1
    JobLimit.objects.create(company=alice.company, most=2)
    mine = [enqueue("dig") for _ in range(3)]
    assert charlie.company
    others = [queue.enqueue("dig", user=charlie, company=charlie.company) for _ in range(2)]
    taken = [take() for _ in range(4)]
    assert {one.job for one in taken if one} == {*mine[:2], others[0]}
    assert waits_for(mine[2]) == "waits for a place: 2 parts of your company run at once"
    assert waits_for(others[1]) == "waits for a place: 1 part of your company runs at once"


def test_a_lowered_cap_holds_while_those_above_it_still_run(enqueue: Make) -> None:
    limit = JobLimit.objects.create(job_type="dig", most=3)
    for _ in range(4):
        enqueue("dig")
    taken = [take() for _ in range(3)]
    limit.most = 1
    limit.save()
    for one in taken:
        assert take() is None
        assert one
        states.complete(one.lease, {})
    assert take()


def test_a_paused_type_waits_until_it_is_resumed_and_says_why(enqueue: Make, alice: User) -> None:
    digging, lifting = enqueue("dig", priority=1), enqueue("lift", priority=9)
    limits.pause(job_type="dig", why="the ground is frozen", by=alice)
    assert run_due_jobs() == [lifting]
    assert waits_for(digging) == "paused: the ground is frozen"
    assert [row.sentence for row in activity.rows(alice, Shown.WAITING)] == ["paused: the ground is frozen"]
    assert limits.resume(job_type="dig")
    assert not limits.resume(job_type="dig")
    assert run_due_jobs() == [digging]


def test_a_paused_company_waits_and_others_do_not(enqueue: Make, alice: User, charlie: User) -> None:
    assert alice.company
    assert charlie.company
    waiting = enqueue("dig")
    other = queue.enqueue("dig", user=charlie, company=charlie.company)
    limits.pause(company=alice.company, why="unpaid")
    assert run_due_jobs() == [other]
    limits.resume(company=alice.company)
    assert run_due_jobs() == [waiting]


def test_what_is_held_up_is_not_stuck(enqueue: Make) -> None:
    job = enqueue("dig")
    JobQueue.objects.filter(job=job).update(run_at="2000-01-01T00:00Z")
    assert stats.collect()["stuck"] == [str(job.pk)]
    limits.pause(job_type="dig", why="the ground is frozen")
    assert stats.collect()["stuck"] == []


def test_a_pause_names_one_thing(alice: User) -> None:
    with pytest.raises(ValueError, match="Name"):
        limits.pause(why="")
    with pytest.raises(ValueError, match="Name"):
        limits.resume(job_type="dig", company=alice.company)


def test_commands_pause_and_resume(enqueue: Make, company: Company) -> None:
    waiting = [enqueue("dig"), enqueue("lift")]
    call_command("pause_jobs", types="dig", company=[str(company.pk)], why="we move house")
    assert [waits_for(job) for job in waiting] == ["paused: we move house"] * 2
    assert run_due_jobs() == []
    call_command("resume_jobs", company=[company.name])
    assert run_due_jobs() == [waiting[1]]
    call_command("resume_jobs", types="dig")
    assert run_due_jobs() == [waiting[0]]
