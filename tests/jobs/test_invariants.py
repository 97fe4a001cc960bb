"""Any order of events: a state machine against the real tables.

The model knows what must be true; the database says what is. Its clock steps forward and back by moving the times of
the rows the other way.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from jobs import claim, healing, limits, queries, queue, sql, states, workers
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob, JobLimit, JobQueue, JobStep
from jobs.states import Lease
from jobs.workers import Identity
from tests.jobs import invariants
from trainai.accounts.models import User

ERROR = {"code": "odd", "message": "It did not work.", "detail": "", "retryable": True, "attempt": 1, "at": ""}
WORKERS = 2
kinds = st.sampled_from(["thing", "heavy", "huge"])
HEAVY = ("heavy", "huge")
who = st.integers(0, 1)
STEP = datetime.timedelta(hours=1, seconds=10)
LONG_AGO = -1_000


@dataclass
class Expected:
    """What the model knows of a job."""

    priority: int
    before: uuid.UUID | None
    kind: str
    company: uuid.UUID
    status: str = "pending"
    token: uuid.UUID | None = None
    waits: int | None = 0
    """Due after so many steps of the clock, now when it is not above 0; None behind another job."""
    lasts: int = 0
    """The lease runs out after so many steps and one."""
    put_off: bool = False
    attempt: int = 0
    earlier: int = 0
    """Attempts of its life before a person retried it."""
    deaths: int = 0
    progress: int = 0

    def ready(self) -> None:
        """It may run from now on."""
        self.status, self.token, self.waits, self.put_off = "pending", None, 0, False


class Engine(RuleBasedStateMachine):
    """Everything that may happen to jobs, from any side, in any order."""

    people: list[User]
    jobs = Bundle("jobs")
    leases = Bundle("leases")

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[uuid.UUID, Expected] = {}
        self.worker = uuid.uuid4()
        self.served = [uuid.UUID(int=0)] * WORKERS
        self.paused: dict[str | uuid.UUID, dict[str, Any]] = {}
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        JobLimit.objects.create(job_type="heavy", most=1)
        JobLimit.objects.create(job_type="huge", most=9)  # so that only what all heavy types share holds it up
        JobLimit.objects.create(company=self.people[1].company, most=2)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @rule(target=jobs, who=who, kind=kinds, priority=st.integers(1, 10), retries=st.integers(0, 2))
    def enqueue(self, who: int, kind: str, priority: int, retries: int) -> uuid.UUID:
        return self.made(self.people[who], kind, priority, retries, None)

    @rule(target=jobs, before=jobs, kind=kinds, priority=st.integers(1, 10))
    def enqueue_behind(self, before: uuid.UUID, kind: str, priority: int) -> uuid.UUID:
        [person] = [one for one in self.people if one.company and one.company.pk == self.known[before].company]
        return self.made(person, kind, priority, 1, before)

    def made(self, person: User, kind: str, priority: int, retries: int, before: uuid.UUID | None) -> uuid.UUID:
        assert person.company
        job = queue.enqueue(
            kind,
            user=person,
            company=person.company,
            priority=priority,
            max_retries=retries,
            depends_on=BackgroundJob.objects.get(pk=before) if before else None,
        )
        expected = self.known[job.pk] = Expected(priority, before, kind, person.company.pk)
        if before:
            first = self.known[before].status
            expected.waits = 0 if first == "completed" else None
            expected.status = first if first in ("failed", "cancelled") else "pending"
        return job.pk

    @rule(target=leases, worker=st.integers(0, WORKERS - 1))
    def claim(self, worker: int) -> Any:
        due = {pk: one for pk, one in self.known.items() if self.is_due(one) and self.may_run(one)}
        after = self.served[worker]
        taken = claim.take(uuid.uuid4(), "model", claim.Wanted(), after=after)
        if taken is None:
            assert not due
            return multiple()
        assert isinstance(taken, claim.Claimed)
        assert taken.job.pk in due
        company = self.served[worker] = taken.job.company_id
        assert company == min(
            {one.company for one in due.values()}, key=lambda one: (self.running(one), one <= after, one)
        )
        assert taken.job.priority == min(one.priority for one in due.values() if one.company == company)
        expected = self.known[taken.job.pk]
        expected.status, expected.token = "processing", taken.lease.token
        expected.attempt, expected.lasts, expected.progress, expected.put_off = expected.attempt + 1, 0, 0, False
        return taken.lease

    def is_due(self, one: Expected) -> bool:
        """Whether its time has come."""
        return one.status == "pending" and one.waits is not None and one.waits <= 0

    def running(self, what: str | uuid.UUID) -> int:
        """How many jobs of a type or a company have a valid lease."""
        return sum(what in (one.kind, one.company) for one in self.known.values() if one.token)

    def may_run(self, one: Expected) -> bool:
        """Whether neither a pause nor a cap stands against it."""
        capped = one.company == self.companies[1] and self.running(one.company) >= 2
        heavy = one.kind == "heavy" and self.running("heavy") >= 1
        together = one.kind in HEAVY and sum(map(self.running, HEAVY)) >= 2
        return not (capped or heavy or together or {one.kind, one.company} & self.paused.keys())

    @property
    def companies(self) -> list[uuid.UUID]:
        """The companies of the people."""
        return [person.company.pk for person in self.people if person.company]

    @rule(what=st.sampled_from([0, 1, "thing", "heavy", "huge"]))
    def pause(self, what: int | str) -> None:
        name, named = self.named(what)
        self.paused[name] = named
        limits.pause(**named, why="because")

    @rule()
    def resume_all(self) -> None:
        for named in self.paused.values():
            assert limits.resume(**named)
        self.paused.clear()

    def named(self, what: int | str) -> tuple[str | uuid.UUID, dict[str, Any]]:
        """A type or a company as the model and as the engine knows it."""
        if isinstance(what, int):
            return self.companies[what], {"company": self.people[what].company}
        return what, {"job_type": what}

    def holds(self, lease: Lease | None) -> Expected | None:
        """The job's expectation when this lease is the valid one."""
        expected = self.known[lease.job_id] if lease else None
        return expected if expected and lease and expected.token == lease.token else None

    @rule(lease=consumes(leases))
    def complete(self, lease: Lease | None) -> None:
        expected = self.holds(lease)
        assert lease is None or states.complete(lease, {"done": True}) == bool(expected)
        if lease and expected:
            expected.status, expected.token = "completed", None
            for one in self.known.values():
                if one.before == lease.job_id and one.status == "pending":
                    one.waits = 0

    @rule(lease=leases)
    def fail(self, lease: Lease | None) -> None:
        expected = self.holds(lease)
        assert lease is None or states.fail(lease, ERROR, "thing") == bool(expected)
        if lease and expected:
            self.ended(lease.job_id, "failed")

    @rule(lease=leases)
    def fail_for_now(self, lease: Lease | None) -> None:
        if lease is None or BackgroundJob.objects.get(pk=lease.job_id).retry_count >= self.retries(lease.job_id):
            return
        expected = self.holds(lease)
        later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
        assert states.retry_later(lease, ERROR, later) == bool(expected)
        if expected:
            expected.ready()
            expected.waits, expected.put_off = 1, True

    @rule(lease=leases)
    def hand_back(self, lease: Lease | None) -> None:
        expected = self.holds(lease)
        assert lease is None or states.hand_back(lease) == bool(expected)
        if expected:
            expected.ready()
            expected.attempt -= 1

    @rule(lease=leases)
    def beat(self, lease: Lease | None) -> None:
        if lease is not None:
            me = Identity(resident=False, id=self.worker).as_row()
            expected = self.holds(lease)
            held = queries.run("beat", {**me, "lease": queries.LEASE_SECONDS, "token": lease.token})
            assert bool(held) == bool(expected)
            if expected:
                expected.lasts = 0

    @rule(lease=leases, name=st.sampled_from("abc"))
    def store_a_step(self, lease: Lease | None, name: str) -> None:
        if lease is not None:
            before = JobStep.objects.filter(job=lease.job_id).count()
            stored = queries.step_store(lease.token, name, str(lease.token), 0.1)
            assert stored == bool(self.holds(lease))
            assert stored or JobStep.objects.filter(job=lease.job_id).count() == before

    @rule(lease=leases, percent=st.integers(0, 99))
    def report(self, lease: Lease | None, percent: int) -> None:
        if lease is not None:
            before = BackgroundJob.objects.get(pk=lease.job_id)
            queries.progress(lease.token, percent, "on its way")
            expected, after = self.holds(lease), BackgroundJob.objects.get(pk=lease.job_id)
            assert expected or after.version == before.version
            if expected:
                expected.progress = max(expected.progress, percent)

    @rule(job=jobs)
    def cancel(self, job: uuid.UUID) -> None:
        if self.known[job].status in ("completed", "failed"):
            with pytest.raises(NotAllowed):
                queue.cancel(job)
        else:
            already = self.known[job].status == "cancelled"
            queue.cancel(job)
            if not already:
                self.ended(job, "cancelled")

    @rule(job=jobs)
    def retry(self, job: uuid.UUID) -> None:
        expected = self.known[job]
        before = self.known[expected.before].status if expected.before else "completed"
        refused = expected.status in ("processing", "completed") or (
            expected.status in ("failed", "cancelled") and before in ("failed", "cancelled")
        )
        if refused:
            with pytest.raises(NotAllowed):
                queue.retry(job)
            return
        queue.retry(job)
        if expected.status != "pending":
            self.learn()
        elif expected.put_off:
            expected.ready()

    @rule()
    def the_clock_steps_forward_and_leases_run_out(self) -> None:
        self.step(-STEP)
        for pk, expected in self.known.items():
            expected.waits = expected.waits if expected.waits is None else expected.waits - 1
            expected.lasts -= 1
            if expected.token and expected.lasts < 0:
                expected.deaths += 1
                if expected.deaths >= workers.DEATHS_LIMIT:
                    self.ended(pk, "failed")
                else:
                    expected.ready()
        workers.rescue()

    @rule()
    def the_clock_steps_back(self) -> None:
        """What was due waits longer, a lease lasts longer, and nothing is lost."""
        self.step(STEP)
        for expected in self.known.values():
            expected.waits = expected.waits if expected.waits is None else expected.waits + 1
            expected.lasts += 1
        assert workers.rescue() == 0

    def step(self, by: datetime.timedelta) -> None:
        """Move all that the engine compares with the database's clock."""
        JobQueue.objects.update(run_at=F("run_at") + by, leased_until=F("leased_until") + by)

    @rule()
    def heal(self) -> None:
        """Finds nothing to heal: `matches` sees any change."""
        healing.heal()

    @invariant()
    def matches(self) -> None:
        invariants.check()
        jobs = {job.pk: job for job in BackgroundJob.objects.filter(pk__in=self.known)}
        rows = {row.job_id: row for row in JobQueue.objects.all()}
        for pk, expected in self.known.items():
            assert jobs[pk].status == expected.status, (pk, jobs[pk].status, expected)
            assert (rows[pk].token if pk in rows else None) == expected.token
            if pk in rows:
                assert rows[pk].attempt == expected.attempt
                used = jobs[pk].retry_count + rows[pk].deaths + bool(expected.token)
                assert expected.attempt == expected.earlier + used, "a claim uses one attempt, a hand-back none"
                assert rows[pk].deaths == expected.deaths < workers.DEATHS_LIMIT
            if expected.token:
                assert jobs[pk].progress_percentage == expected.progress
        assert self.running("heavy") <= 1
        assert sum(map(self.running, HEAVY)) <= 2
        assert self.running(self.companies[1]) <= 2

    def ended(self, job: uuid.UUID, status: str) -> None:
        """The job is over without success, and so is what waits for it."""
        self.known[job].status, self.known[job].token = status, None
        for pk, one in self.known.items():
            if one.before == job and one.status == "pending":
                self.ended(pk, status)

    def learn(self) -> None:
        """After a revival: who came back with it is `queue.retry`'s decision; its own tests tell it."""
        rows = dict(JobQueue.objects.values_list("job_id", "run_at"))
        for pk, one in self.known.items():
            if one.status in ("failed", "cancelled") and pk in rows:
                assert one.before is None or self.known[one.before].status not in ("failed", "cancelled")
                one.ready()
                one.deaths, one.earlier = 0, one.attempt
                before = self.known[one.before].status if one.before else "completed"
                one.waits = LONG_AGO if before == "completed" else None
                JobQueue.objects.filter(job=pk, run_at__isnull=False).update(run_at="2000-01-01T00:00Z")

    def retries(self, job: uuid.UUID) -> int:
        """The most retries of a job."""
        return BackgroundJob.objects.get(pk=job).max_retries


def registered(handle: Callable[..., Any], *people: User) -> None:
    """Make the kinds of work known, and who has it done."""
    handle("thing", lambda context: {})
    for kind in HEAVY:
        handle(kind, lambda context: {}, share=0.5)
    Engine.people = list(people)


def explore(examples: int) -> None:
    """Let hypothesis look for an order of events that breaks an invariant."""
    assert connection.in_atomic_block
    run_state_machine_as_test(
        Engine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_the_invariants_hold_after_any_order_of_events(alice: User, charlie: User, handle: Callable[..., Any]) -> None:
    registered(handle, alice, charlie)
    explore(examples=25)


@pytest.mark.django_db
def test_a_statement_that_forgets_the_token_is_found(
    alice: User, charlie: User, handle: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(handle, alice, charlie)
    right = sql.load

    def careless(name: str) -> str:
        return right(name).replace("AND token = %(token)s", "").replace("OR token = %(token)s::uuid", "OR true")

    monkeypatch.setattr(sql, "load", careless)
    with pytest.raises((AssertionError, IntegrityError)):
        explore(examples=200)
