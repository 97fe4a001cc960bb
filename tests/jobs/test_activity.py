"""What the activity page lists and counts."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from jobs import activity, cancelling, limits, queue
from jobs.activity import Shown
from jobs.events import on_wire
from jobs.happened import Kind
from jobs.models import BackgroundJob, JobAttempt, JobQueue
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


def test_a_long_line_hides_nothing_that_needs_somebody(alice: User, enqueue: Make) -> None:
    broken, over = enqueue("dig"), enqueue("dig")
    now = timezone.now()
    jobs = BackgroundJob.objects
    jobs.filter(pk=broken.pk).update(status="failed", error_data={"code": "broken"}, completed_at=now)
    jobs.filter(pk=over.pk).update(status="completed", progress_percentage=100, started_at=now, completed_at=now)
    for _ in range(activity.ROWS + 1):
        enqueue("dig")
    page = activity.page(alice, Shown.ALL)
    listed = [(group.key, len(group.rows), group.rest) for group in page.groups]
    assert listed == [("needs-you", 1, ""), ("waiting", activity.A_GROUP, "waiting"), ("today", 1, "")]


def test_a_choice_leads_through_all_of_its_jobs_page_by_page(alice: User, enqueue: Make) -> None:
    waiting = [enqueue("dig").pk for _ in range(activity.ROWS + 2)]
    first, second, beyond = (activity.page(alice, Shown.WAITING, number) for number in (1, 2, 3))
    assert [(page.has_previous, page.has_next) for page in (first, second)] == [(False, True), (True, False)]
    assert [row.job.pk for page in (first, second) for group in page.groups for row in group.rows] == waiting
    assert second.groups[0].rows[0].sentence == f"{activity.ROWS} before it in line"
    assert beyond.groups == []


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "9" * 30, "²"])
def test_any_page_number_is_answered(alice: User, client: Client, page: str) -> None:
    client.force_login(alice)
    assert client.get("/jobs/", {"show": "waiting", "page": page}).status_code == 200


def test_a_percent_is_told_only_when_it_was_measured(alice: User, enqueue: Make) -> None:
    job = enqueue("dig")
    told = []
    for done in (0, 40):
        values = {"status": "processing", "started_at": timezone.now(), "progress_percentage": done}
        BackgroundJob.objects.filter(pk=job.pk).update(**values)
        told += [row.percent for row in activity.rows(alice, Shown.WORKING)]
    assert told == [None, 40]


def test_nobody_sees_the_work_of_another_company(charlie: User, enqueue: Make) -> None:
    enqueue("dig")
    assert activity.rows(charlie, Shown.ALL) == []
    assert activity.counts(charlie) == {"working": 0, "waiting": 0, "needs_you": 0}


def test_who_cancelled_is_named_where_it_was_written_down(
    alice: User, bob: User, enqueue: Make, client: Client
) -> None:
    mine, nobodys = enqueue("dig"), enqueue("dig")
    queue.cancel(nobodys.pk)
    client.force_login(alice)
    client.post(f"/jobs/{mine.pk}/cancellation/")
    cancelling.cancel(mine.pk, by=bob)  # it was over already
    told = {row.job.pk: row.sentence for row in activity.rows(alice, Shown.CANCELLED)}
    assert told == {
        mine.pk: "cancelled by Alice, nothing more happens to it",
        nobodys.pk: "cancelled, nothing more happens to it",
    }
    LogEntry.objects.update(action_time=timezone.now() - datetime.timedelta(hours=1))  # of an earlier cancel
    assert {row.sentence for row in activity.rows(alice, Shown.CANCELLED)} == {told[nobodys.pk]}


def test_work_that_stands_still_says_why_and_since_when(alice: User, enqueue: Make, client: Client) -> None:
    lost, silent, idle, fine = (enqueue("dig") for _ in range(4))
    now = timezone.now()
    then = now - datetime.timedelta(minutes=20)
    died = JobAttempt(id=uuid.uuid4(), job=lost, number=1, started_at=then, ended_at=now, outcome="lost")
    died.save(force_insert=True)
    places = JobQueue.objects
    places.filter(job=lost).update(deaths=1)
    places.filter(job=silent).update(token=uuid.uuid4(), leased_until=then, worker_id=uuid.uuid4())
    BackgroundJob.objects.filter(pk=silent.pk).update(status="processing", started_at=then)
    places.filter(job=idle).update(run_at=then)

    def troubles() -> dict[uuid.UUID, tuple[object, ...] | None]:
        rows = activity.rows(alice, Shown.ALL)
        return {row.job.pk: (row.trouble.kind, row.trouble.since) if row.trouble else None for row in rows}

    expected = {
        lost.pk: (Kind.LOST, now),
        silent.pk: (Kind.SILENT, then),
        idle.pk: (Kind.NOT_BEGUN, then),
        fine.pk: None,
    }
    assert troubles() == expected
    client.force_login(alice)
    page = client.get("/jobs/").content.decode()
    died_at = f'<time datetime="{now.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}" data-clock>'
    assert f"Its worker died at {died_at}" in page
    assert "It is done again by another, try 2 of 2." in page
    assert "No sign of its worker since" in page
    assert "but every worker is busy or away" in page
    limits.pause(job_type="dig", why="frozen")  # what somebody wants to wait is in no trouble
    assert troubles() == expected | {idle.pk: None}
