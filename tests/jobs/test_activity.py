"""What the activity page lists and counts."""

from __future__ import annotations

import pytest
from django.utils import timezone

from jobs import activity, queue
from jobs.activity import Shown
from jobs.events import on_wire
from jobs.models import BackgroundJob, JobQueue
from jobs.telling import State
from tests.jobs.conftest import Make
from trainai.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _work(handle: Make) -> None:
    handle("dig", lambda context: {}, label="Digging")


def test_waiting_jobs_say_their_place_in_line(alice: User, enqueue: Make) -> None:
    first = enqueue("dig", priority=1)
    enqueue("dig", priority=2)
    enqueue("dig", priority=3)
    enqueue("dig", depends_on=first)
    told = [row.sentence for row in activity.rows(alice, Shown.WAITING)]
    assert told == ["next in line", "1 before it in line", "2 before it in line", "waits for “Digging”"]


def test_each_choice_lists_its_own(alice: User, enqueue: Make) -> None:
    waiting, running, over, broken = (enqueue("dig") for _ in range(4))
    now = timezone.now()
    jobs = BackgroundJob.objects
    jobs.filter(pk=running.pk).update(status="processing", started_at=now)
    jobs.filter(pk=over.pk).update(status="completed", progress_percentage=100, started_at=now, completed_at=now)
    error = {"code": "broken", "message": "The spade broke."}
    jobs.filter(pk=broken.pk).update(status="failed", error_data=error, completed_at=now)
    stopped = queue.cancel(enqueue("dig").pk)

    def listed(shown: Shown) -> set[object]:
        return {row.job.pk for row in activity.rows(alice, shown)}

    assert listed(Shown.WAITING) == {waiting.pk}
    assert listed(Shown.WORKING) == {running.pk}
    assert listed(Shown.DONE) == {over.pk}
    assert listed(Shown.NEEDS_YOU) == {broken.pk}
    assert listed(Shown.CANCELLED) == {stopped.pk}
    assert listed(Shown.FAILED) == {broken.pk}
    assert len(listed(Shown.ALL)) == 5
    groups = {
        group.key: [row.job.pk for row in group.rows] for group in activity.groups(activity.rows(alice, Shown.ALL))
    }
    assert groups == {
        "needs-you": [broken.pk],
        "working": [running.pk],
        "waiting": [waiting.pk],
        "today": [over.pk],
        "cancelled": [stopped.pk],
    }
    assert [row.job.pk for row in activity.brief(alice)] == [broken.pk, running.pk, waiting.pk]
    figures = activity.figures(alice)
    assert (figures.working, figures.waiting, figures.needs_you, figures.done_today) == (1, 1, 1, 1)


def test_what_never_began_needs_nobody_and_is_listed_as_its_badge_says(alice: User, enqueue: Make) -> None:
    ended = {"failed": {"code": "dependency_failed"}, "cancelled": {"code": "dependency_cancelled"}}
    for status, error in ended.items():
        now = timezone.now()
        cancelled_at = now if status == "cancelled" else None
        BackgroundJob.objects.filter(pk=enqueue("dig").pk).update(
            status=status, error_data=error, completed_at=now, cancel_requested_at=cancelled_at
        )
    assert activity.figures(alice).needs_you == 0
    for shown in (Shown.NEEDS_YOU, Shown.FAILED, Shown.CANCELLED):
        assert activity.rows(alice, shown) == []
    for shown in (Shown.ALL, Shown.NOT_STARTED):
        (group,) = activity.groups(activity.rows(alice, shown))
        assert (group.key, len(group.rows)) == ("not-started", 2)
        assert {(row.state, row.word, row.may_retry) for row in group.rows} == {(State.WAITING, "not started", False)}


def test_what_another_try_cannot_mend_offers_what_helps(alice: User, enqueue: Make, handle: Make) -> None:
    handle("dig", lambda context: {}, label="Digging", instead={"rock": "Dig elsewhere"})
    for code in ("rock", "spade"):
        error = {"code": code, "message": "It did not work."}
        job = enqueue("dig")
        JobQueue.objects.filter(job=job).delete()
        BackgroundJob.objects.filter(pk=job.pk).update(status="failed", error_data=error, completed_at=timezone.now())
    rows = activity.rows(alice, Shown.NEEDS_YOU)
    told = {row.job.error_data["code"]: (row.may_retry, row.instead) for row in rows if row.job.error_data}
    assert told == {"rock": (False, "Dig elsewhere"), "spade": (True, "")}
    assert {on_wire(row.job)["can_retry"] for row in rows if row.instead} == {False}
    assert {on_wire(row.job)["can_retry"] for row in rows if not row.instead} == {True}
    assert queue.retry(next(row.job.pk for row in rows if row.instead)).status == "pending"  # who knows better may


def test_nobody_sees_the_work_of_another_company(charlie: User, enqueue: Make) -> None:
    enqueue("dig")
    assert activity.rows(charlie, Shown.ALL) == []
    assert activity.counts(charlie) == {"working": 0, "waiting": 0, "needs_you": 0}
