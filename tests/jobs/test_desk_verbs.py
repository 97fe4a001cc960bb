"""What an operator does to jobs at the desk, and what the desk refuses."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from jobs import action_log, queue
from jobs.admin import bulk
from jobs.context import Context
from jobs.errors import PermanentError
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make
from trainai.accounts import roles
from trainai.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(handle: Callable[..., None]) -> list[str]:
    """A job type that pays in a step and then fails; the list holds what was paid."""
    bill: list[str] = []

    def pay(context: Context) -> dict[str, Any]:
        context.step("pay", lambda: bill.append("paid"))
        raise PermanentError("damaged_file", "The file is damaged.")

    handle("pay", pay)
    handle("fine", lambda context: {})
    return bill


def ask(client: Client, verb: str, query: str, **more: object) -> Any:
    return client.post(f"{reverse('admin:jobs_backgroundjob_ask', args=[verb])}?{query}", more)


def test_a_job_is_cancelled_with_a_reason_and_written_down(operator: Client, enqueue: Make, paid: list[str]) -> None:
    job = enqueue("fine")
    page = operator.get(f"{reverse('admin:jobs_backgroundjob_ask', args=['cancel'])}?ids={job.pk}").content.decode()
    assert "Cancel: 1 job" in page
    assert ask(operator, "cancel", f"ids={job.pk}").status_code == 400
    answer = ask(operator, "cancel", f"ids={job.pk}", reason="It was the wrong file").json()
    assert answer == {"done": 1, "refused": {}, "last": None}
    job.refresh_from_db()
    assert job.status == "cancelled"
    [entry] = LogEntry.objects.all()
    assert (str(entry.user), entry.change_message) == ("operator@example.com", "Cancel: It was the wrong file")
    detail = operator.get(reverse("admin:jobs_backgroundjob_change", args=[job.pk])).content.decode()
    assert "It was the wrong file" in detail


def test_a_retry_keeps_finished_steps_and_one_from_the_start_pays_again(
    operator: Client, enqueue: Make, paid: list[str]
) -> None:
    job = enqueue("pay")
    run_due_jobs()
    ask(operator, "retry", f"ids={job.pk}")
    run_due_jobs()
    assert paid == ["paid"]
    ask(operator, "restart", f"ids={job.pk}", reason="The first answer was wrong")
    run_due_jobs()
    assert paid == ["paid", "paid"]


def test_a_higher_priority_starts_first(operator: Client, enqueue: Make, paid: list[str]) -> None:
    first, second = enqueue("fine"), enqueue("fine")
    assert ask(operator, "prioritise", f"ids={second.pk}").status_code == 400
    assert ask(operator, "prioritise", f"ids={second.pk}", priority=11).status_code == 400
    ask(operator, "prioritise", f"ids={second.pk}", priority=1)
    assert [job.pk for job in run_due_jobs()] == [second.pk, first.pk]


def test_what_the_state_does_not_allow_is_named_and_left_alone(
    operator: Client, enqueue: Make, paid: list[str]
) -> None:
    job = enqueue("fine")
    run_due_jobs()
    page = operator.get(f"{reverse('admin:jobs_backgroundjob_ask', args=['cancel'])}?ids={job.pk}").content.decode()
    assert "1 done: They are over already and stay as they are." in page
    assert ask(operator, "cancel", f"ids={job.pk}", reason="x").json()["done"] == 0
    assert not LogEntry.objects.exists()


def test_all_that_match_are_done_in_batches_and_no_later_ones(
    operator: Client, enqueue: Make, paid: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    for _ in range(5):
        enqueue("fine")
    other = enqueue("pay")
    page = operator.get(f"{reverse('admin:jobs_backgroundjob_ask', args=['cancel'])}?type=fine")
    assert page.context["number"] == 5
    later = enqueue("fine")
    rounds, last = 0, ""
    while True:
        answer = ask(
            operator, "cancel", "type=fine", reason="All of it", until=page.context["until"], after=last
        ).json()
        rounds += 1
        if not (last := answer["last"]):
            break
    assert rounds == 3
    assert set(BackgroundJob.objects.filter(status="pending")) == {other, later}
    assert LogEntry.objects.count() == 5


def test_a_batch_that_breaks_has_written_down_all_it_did(
    operator: Client, enqueue: Make, paid: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = sorted(str(enqueue("fine").pk) for _ in range(4))
    cancel = queue.cancel

    def break_at_the_third(job: uuid.UUID, *, by: User | None = None) -> BackgroundJob:
        if str(job) == jobs[2]:
            raise OperationalError("the connection is lost")
        return cancel(job, by=by)

    monkeypatch.setattr(queue, "cancel", break_at_the_third)
    with pytest.raises(OperationalError):
        ask(operator, "cancel", "type=fine", reason="All of it")
    logged = sorted(str(entry.object_id) for entry in LogEntry.objects.all())
    assert logged == jobs[:2]
    assert logged == sorted(map(str, BackgroundJob.objects.filter(status="cancelled").values_list("pk", flat=True)))


def test_what_cannot_be_written_down_is_not_done(
    operator: Client, enqueue: Make, paid: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = enqueue("fine")

    def full(*_arguments: object, **_named: object) -> None:
        raise OperationalError("no space left on device")

    monkeypatch.setattr(action_log, "write", full)
    with pytest.raises(OperationalError):
        ask(operator, "cancel", f"ids={job.pk}", reason="All of it")
    job.refresh_from_db()
    assert job.status == "pending"


def test_what_failed_with_another_part_comes_back_with_it(operator: Client, enqueue: Make, paid: list[str]) -> None:
    broken = enqueue("pay")
    enqueue("fine", depends_on=enqueue("fine", depends_on=broken))
    cancelled = queue.cancel(enqueue("fine").pk)
    run_due_jobs()
    page = operator.get(f"{reverse('admin:jobs_backgroundjob_ask', args=['retry'])}?age=less-24")
    assert page.context["number"] == 2
    assert ask(operator, "retry", "age=less-24").json() == {"done": 2, "refused": {}, "last": None}
    assert set(BackgroundJob.objects.values_list("status", flat=True)) == {"pending"}
    assert BackgroundJob.objects.get(pk=cancelled.pk).completed_at is None


def test_a_selection_leads_to_the_question(operator: Client, enqueue: Make, paid: list[str]) -> None:
    job = enqueue("fine")
    chosen = {"action": "cancel", "_selected_action": [str(job.pk)]}
    answer = operator.post(reverse("admin:jobs_backgroundjob_changelist"), chosen)
    assert answer["Location"] == f"{reverse('admin:jobs_backgroundjob_ask', args=['cancel'])}?ids={job.pk}"


@pytest.mark.parametrize("may_act", [False, True])
def test_a_reader_sees_everything_and_changes_nothing(enqueue: Make, paid: list[str], may_act: bool) -> None:
    roles.ensure(roles.last_app())
    person = User.objects.create_user("support@example.com", "a long enough password", is_staff=True)
    person.groups.add(Group.objects.get(name=roles.OPERATOR if may_act else roles.READER))
    client = Client()
    client.force_login(person)
    job = enqueue("fine")
    for name, arguments in (
        ("admin:index", []),
        ("admin:jobs_backgroundjob_changelist", []),
        ("admin:jobs_backgroundjob_change", [job.pk]),
        ("admin:trainings_training_changelist", []),
        ("admin:accounts_company_changelist", []),
        ("admin:django_q_schedule_changelist", []),
    ):
        assert client.get(reverse(name, args=arguments)).status_code == 200, name
    answer = ask(client, "cancel", f"ids={job.pk}", reason="x")
    job.refresh_from_db()
    assert (answer.status_code, job.status) == ((200, "cancelled") if may_act else (403, "pending"))
    assert client.get(reverse("admin:accounts_user_add")).status_code == 403
