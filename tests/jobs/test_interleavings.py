"""Every two things that may happen to a job at the same moment, on two real sessions.

The first one is stopped after each of its statements, the last time before its commit; the second one goes on
meanwhile, as far as it can. Whatever comes of it must be what comes of the two one after the other, in either order.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from jobs import claim, queue, states, workers
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob, JobAttempt, JobQueue
from jobs.states import Lease
from jobs.testing import run_due_jobs
from tests.jobs import invariants
from tests.jobs.conftest import Make
from tests.jobs.two_sessions import Sessions

pytestmark = pytest.mark.django_db(transaction=True)

ERROR = {"code": "odd", "message": "It did not work.", "detail": "", "retryable": True, "attempt": 1, "at": ""}


@dataclass
class Scene:
    """A job, one that waits for it, and what a worker knows of the first."""

    enqueue: Make
    first: BackgroundJob
    second: BackgroundJob
    lease: Lease | None = None
    names: dict[uuid.UUID, str] = field(default_factory=dict)

    def named(self, name: str, behind: BackgroundJob) -> str:
        """Make one more job."""
        made = self.enqueue("thing", depends_on=BackgroundJob.objects.get(pk=behind.pk))
        self.names[made.pk] = name
        return "made"

    def rows(self) -> list[Any]:
        """What has become of each job: nothing of it depends on the clock or on chance."""
        places = {row.job_id: (row.run_at is not None, row.attempt, row.deaths) for row in JobQueue.objects.all()}
        return sorted(
            (
                self.names[job.pk],
                job.status,
                job.retry_count,
                str(job.error_data and job.error_data["code"]),
                str(places.get(job.pk)),
                sorted(JobAttempt.objects.filter(job=job).values_list("number", "outcome")),
            )
            for job in BackgroundJob.objects.all()
        )


def _with_lease(move: Callable[[Lease], bool]) -> Callable[[Scene], object]:
    def run(scene: Scene) -> object:
        assert scene.lease
        return move(scene.lease)

    return run


def _asked(verb: Callable[[uuid.UUID], object], job: Callable[[Scene], BackgroundJob]) -> Callable[[Scene], object]:
    def run(scene: Scene) -> object:
        try:
            verb(job(scene).pk)
        except NotAllowed:
            return "refused"
        return "done"

    return run


def _claim(scene: Scene) -> object:
    taken = claim.take(uuid.uuid4(), "test", claim.Wanted())
    return scene.names[taken.job.pk] if isinstance(taken, claim.Claimed) else None


def _later(lease: Lease) -> bool:
    return states.retry_later(lease, ERROR, timezone.now() + timedelta(hours=1))


VERBS: dict[str, Callable[[Scene], object]] = {
    "claim": _claim,
    "complete": _with_lease(lambda lease: states.complete(lease, {}, "thing")),
    "fail": _with_lease(lambda lease: states.fail(lease, ERROR, "thing")),
    "try later": _with_lease(_later),
    "hand back": _with_lease(states.hand_back),
    "rescue": lambda scene: workers.rescue(),
    "cancel": _asked(queue.cancel, lambda scene: scene.first),
    "cancel what waits": _asked(queue.cancel, lambda scene: scene.second),
    "retry": _asked(queue.retry, lambda scene: scene.first),
    "retry what waits": _asked(queue.retry, lambda scene: scene.second),
    "enqueue behind": lambda scene: scene.named("third", scene.first),
    "enqueue behind what waits": lambda scene: scene.named("third", scene.second),
}
Outcome = tuple[tuple[object, object], list[Any]]
"""What both answered, and what became of the jobs."""
MEETINGS: dict[str, tuple[str, ...]] = {
    "waiting": ("claim", "cancel", "cancel what waits", "retry", "enqueue behind what waits"),
    "running": (
        *("complete", "fail", "try later", "hand back", "cancel", "cancel what waits"),
        *("enqueue behind", "enqueue behind what waits"),
    ),
    "silent": ("claim", "rescue", "complete", "fail", "hand back", "cancel"),
    "silent again": ("rescue", "complete", "cancel", "enqueue behind what waits"),
    "to be tried later": ("claim", "retry", "cancel"),
    "failed": ("claim", "retry", "retry what waits", "enqueue behind", "enqueue behind what waits"),
    "cancelled": ("cancel", "retry", "retry what waits", "enqueue behind"),
}
"""What may meet, by the state in which it meets the job."""


def scene(enqueue: Make, start: str) -> Scene:
    """Make the jobs anew, the first of them in the state `start`."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM background_jobs")
    first = enqueue("thing")
    made = Scene(enqueue, first, enqueue("thing", depends_on=first))
    made.names = {first.pk: "first", made.second.pk: "second"}
    if start == "cancelled":
        queue.cancel(first.pk)
    if start not in ("waiting", "cancelled"):
        taken = claim.take(uuid.uuid4(), "test", claim.Wanted())
        assert isinstance(taken, claim.Claimed)
        assert taken.job.pk == first.pk
        made.lease = taken.lease
        _PREPARATIONS[start](taken.lease)
    return made


def _silent(lease: Lease, deaths: int = 0) -> None:
    JobQueue.objects.filter(token=lease.token).update(leased_until=timezone.now() - timedelta(seconds=1), deaths=deaths)


_PREPARATIONS: dict[str, Callable[[Lease], object]] = {
    "running": lambda lease: None,
    "silent": _silent,
    "silent again": lambda lease: _silent(lease, workers.DEATHS_LIMIT - 1),
    "to be tried later": _later,
    "failed": lambda lease: states.fail(lease, ERROR, "thing"),
}


@pytest.fixture(autouse=True)
def _work(transactional_db: None, handle: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    handle("thing", lambda context: {})
    monkeypatch.setattr(workers, "LOCK_TIMEOUT", "60s")  # so that a rescue waits for its turn as everything else does


@pytest.fixture
def sessions() -> Iterator[Sessions]:
    made = Sessions()
    yield made
    made.close()


@pytest.mark.parametrize("start", MEETINGS)
def test_two_at_once_do_what_the_two_do_one_after_the_other(enqueue: Make, sessions: Sessions, start: str) -> None:
    pairs = list(itertools.product(MEETINGS[start], repeat=2))
    alone = {verbs: one_after_the_other(scene(enqueue, start), *verbs) for verbs in pairs}
    wrong = []
    for first, second in pairs:
        (answer, later), rows = alone[second, first]
        right = (alone[first, second], ((later, answer), rows))
        for at in itertools.count(1):
            found = at_once(sessions, scene(enqueue, start), first, second, at)
            if found is None:
                break
            if found not in right:
                wrong.append(f"{second}, when {first} has done {at} statements: {found} is none of {right}")
    assert not wrong


def one_after_the_other(made: Scene, first: str, second: str) -> Outcome:
    """What the two answer, and the rows afterwards."""
    answers = VERBS[first](made), VERBS[second](made)
    invariants.check()
    outcome = answers, made.rows()
    drained()
    return outcome


def at_once(sessions: Sessions, made: Scene, first: str, second: str, at: int) -> Outcome | None:
    """The same when `second` comes while `first` has done `at` statements; None when it has fewer."""
    answers = sessions.interleave(lambda: VERBS[first](made), lambda: VERBS[second](made), at)
    if answers is None:
        return None
    invariants.check()
    return answers, made.rows()


def drained() -> None:
    """Do what is left, as the workers would: each job comes to its end."""
    for row in JobQueue.objects.exclude(token=None):
        assert row.job_id
        assert row.token
        states.hand_back(Lease(row.job_id, row.token))
    run_due_jobs(ignore_backoff=True)
    assert not JobQueue.objects.exists()
    invariants.check()
