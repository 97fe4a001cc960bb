"""The desk's list of jobs, as an operator's browser gets it."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs import limits, queue
from jobs.admin import line
from jobs.admin.job import JobAdmin
from jobs.errors import PermanentError, TemporaryError
from jobs.models import BackgroundJob, JobLimit, JobQueue
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make
from tests.trainings.making import bare_training
from trainai.accounts.models import User

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
LIST = reverse("admin:jobs_backgroundjob_changelist")


def refuse(context: object) -> dict[str, object]:
    raise PermanentError("damaged_file", "The file is damaged.")


def stumble(context: object) -> dict[str, object]:
    raise TemporaryError("busy", "The service was busy.")


@pytest.fixture(autouse=True)
def job_types(handle: Callable[..., None]) -> None:
    handle("fine", lambda context: {}, label="Listening")
    handle("refuse", refuse, label="Pictures")
    handle("stumble", stumble, label="Writing the steps", backoff_base=600.0)


def listed(client: Client, **query: str) -> list[str]:
    """Return the ids of the jobs of a page, in its order."""
    page = client.get(LIST, query)
    assert page.status_code == 200
    return re.findall(r'data-job="([^"]+)" data-version="\d+" data-cell="state"', page.content.decode())


def test_a_line_tells_state_work_company_and_tries(operator: Client, enqueue: Make) -> None:
    enqueue("refuse")
    run_due_jobs()
    page = operator.get(LIST).content.decode()
    for told in ("failed", "Pictures", "The file is damaged.", "Corner shop", "0 of 3 retries"):
        assert told in page


def test_every_page_comes_by_the_edges_of_the_last_one(
    operator: Client, enqueue: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(JobAdmin, "list_per_page", 2)
    jobs = [str(enqueue("fine").pk) for _ in range(5)][::-1]
    BackgroundJob.objects.update(created_at=timezone.now())  # made at the same moment: the id decides
    order = [str(pk) for pk in BackgroundJob.objects.values_list("pk", flat=True)]
    assert sorted(order) == sorted(jobs)
    seen, address = [], LIST
    while address:
        page = operator.get(address).content.decode()
        seen.append(re.findall(r'data-job="([^"]+)" data-version="\d+" data-cell="state"', page))
        following = re.search(r'href="([^"]*)" rel="next"', page)
        address = LIST + following[1].replace("&amp;", "&") if following else ""
    assert seen == [order[:2], order[2:4], order[4:]]
    back = re.search(r'href="([^"]*)" rel="prev"', page)
    assert back
    page = operator.get(LIST + back[1].replace("&amp;", "&")).content.decode()
    assert re.findall(r'data-job="([^"]+)" data-version="\d+" data-cell="state"', page) == order[2:4]


def test_the_oldest_come_first_when_sorted_so(operator: Client, enqueue: Make) -> None:
    old, new = enqueue("fine"), enqueue("fine")
    assert listed(operator, o="5") == [str(old.pk), str(new.pk)]
    assert listed(operator, o="-5") == [str(new.pk), str(old.pk)]


def test_each_question_finds_its_jobs(operator: Client, enqueue: Make, charlie: User) -> None:
    broken, stumbled = enqueue("refuse"), enqueue("stumble")
    behind = enqueue("fine", depends_on=broken)
    run_due_jobs()
    turn, later = enqueue("fine"), enqueue("fine", run_at=timezone.now() + datetime.timedelta(hours=1))
    blocked = enqueue("fine", depends_on=later)
    assert charlie.company
    elsewhere = queue.enqueue("fine", user=charlie, company=charlie.company)
    stuck = enqueue("fine")
    stuck.queue_row.run_at = timezone.now() - datetime.timedelta(minutes=11)
    stuck.queue_row.save()
    questions: dict[tuple[str, str], set[BackgroundJob]] = {
        ("state", "failed"): {broken, behind},
        ("state", "stuck"): {stuck},
        ("failure", "hopeless"): {broken},
        ("failure", "other"): {behind},
        ("failure", "today"): {broken, behind},
        ("failure", "retries"): set(),
        ("waits", "turn"): {turn, elsewhere, stuck},
        ("waits", "time"): {later},
        ("waits", "try"): {stumbled},
        ("waits", "job"): {blocked},
        ("type", "stumble"): {stumbled},
        ("age", "more-1"): set(),
        ("ended", "day"): {broken, behind},
        ("company__id__exact", str(charlie.company.pk)): {elsewhere},
    }
    for (name, value), expected in questions.items():
        assert set(listed(operator, **{name: value})) == {str(job.pk) for job in expected}, (name, value)


def test_a_number_is_shown_only_where_something_was_measured(operator: Client, enqueue: Make) -> None:
    job = enqueue("fine")
    BackgroundJob.objects.filter(pk=job.pk).update(status="processing", started_at=timezone.now())
    JobQueue.objects.filter(job=job).update(token=uuid.uuid4(), leased_until=timezone.now() + HOUR)
    one = reverse("admin:jobs_backgroundjob_change", args=[job.pk])
    for address in (LIST, one):
        page = operator.get(address).content.decode()
        assert "0 %" not in page
        assert re.search(r'<progress class="lane working" max="100" aria-label="progress">', page)
    BackgroundJob.objects.filter(pk=job.pk).update(progress_percentage=40)
    for address in (LIST, one):
        assert "40 %" in operator.get(address).content.decode()


def test_a_waiting_job_tells_its_place_in_the_line_of_its_company(
    operator: Client, enqueue: Make, charlie: User
) -> None:
    assert charlie.company
    other = queue.enqueue("fine", user=charlie, company=charlie.company)
    first, second, urgent = enqueue("fine"), enqueue("refuse"), enqueue("fine", priority=1)
    enqueue("fine", run_at=timezone.now() + HOUR)
    limits.pause(job_type="stumble", why="no disk")
    enqueue("stumble", priority=1)
    answer = operator.get(
        reverse("admin:jobs_backgroundjob_lines"),
        {"ids": ",".join(str(job.pk) for job in (other, first, second, urgent))},
    )
    said = [
        re.search(r"waits for its turn: (\w+) in its company", line["cells"]["work"])
        for line in answer.json()["lines"].values()
    ]
    assert [found and found[1] for found in said] == ["1st", "2nd", "3rd", "1st"]
    assert "data-in-line" in operator.get(LIST).content.decode()


def test_what_many_go_before_is_not_counted_out(
    operator: Client, enqueue: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "MOST", 2)
    for _ in range(3):
        enqueue("fine")
    assert "2 and more of its company go first" in operator.get(LIST).content.decode()


def test_a_running_job_tells_the_time_it_has_left(operator: Client, enqueue: Make) -> None:
    job = enqueue("fine")
    began = timezone.now() - datetime.timedelta(seconds=60)
    BackgroundJob.objects.filter(pk=job.pk).update(status="processing", started_at=began, progress_percentage=50)
    JobQueue.objects.filter(job=job).update(token=uuid.uuid4(), leased_until=timezone.now() + HOUR)
    assert re.search(r"\d (s|min) left", operator.get(LIST).content.decode())
    one = reverse("admin:jobs_backgroundjob_change", args=[job.pk])
    assert "Estimated end" in operator.get(one).content.decode()
    JobQueue.objects.filter(job=job).update(leased_until=timezone.now() - HOUR)
    for address in (LIST, one):  # its worker is silent: it is going nowhere
        assert not re.search(r"\d (s|min) left", operator.get(address).content.decode())
    assert "Estimated end" not in operator.get(one).content.decode()


def test_what_is_held_up_waits_for_the_end_of_a_pause_or_for_a_place(
    operator: Client, enqueue: Make, alice: User, charlie: User
) -> None:
    running, capped, paused, free = enqueue("fine"), enqueue("fine"), enqueue("refuse"), enqueue("stumble")
    BackgroundJob.objects.filter(pk=running.pk).update(status="processing", started_at=timezone.now())
    JobQueue.objects.filter(job=running).update(token=uuid.uuid4(), leased_until=timezone.now() + HOUR)
    assert charlie.company
    elsewhere = queue.enqueue("stumble", user=charlie, company=charlie.company)
    limits.pause(job_type="refuse", why="no disk")
    limits.pause(company=charlie.company, why="they left")
    JobLimit.objects.create(job_type="fine", most=1)
    questions = {"pause": {paused, elsewhere}, "limit": {capped}, "turn": {free}}
    for value, expected in questions.items():
        assert set(listed(operator, waits=value)) == {str(job.pk) for job in expected}, value
    JobLimit.objects.create(company=alice.company, most=1)
    assert set(listed(operator, waits="limit")) == {str(capped.pk), str(free.pk)}


def test_a_job_is_found_by_id_its_beginning_training_or_person(
    operator: Client, enqueue: Make, bob: User, charlie: User, alice: User
) -> None:
    training = bare_training(alice, "Refund in the till")
    job = enqueue("fine", training=training)
    bare_training(alice, "Count the stock")
    assert charlie.company
    other = queue.enqueue("fine", user=charlie, company=charlie.company)
    for words in (
        str(job.pk),
        str(job.pk)[:23],
        "alice",
        "ALICE@example.com",
        str(job.user_id),
        "REFUND in",
        str(training.pk),
    ):
        assert listed(operator, q=words) == [str(job.pk)], words
    assert listed(operator, q="charlie") == [str(other.pk)]
    assert listed(operator, q="nobody at all") == listed(operator, q="stock") == []
    assert "Refund in the till" in operator.get(LIST, {"q": "refund"}).content.decode()


def test_a_page_asks_no_more_for_more_jobs(operator: Client, enqueue: Make) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            operator.get(LIST)
        return len(asked)

    enqueue("fine")
    questions()
    few = questions()
    for _ in range(20):
        enqueue("fine")
    assert questions() == few


def test_an_open_page_gets_the_cells_of_its_lines_and_which_new_ones_match(operator: Client, enqueue: Make) -> None:
    known, new, odd = enqueue("fine"), enqueue("fine"), enqueue("refuse")
    run_due_jobs(["fine"], limit=1)
    answer = operator.get(
        reverse("admin:jobs_backgroundjob_lines"),
        {"ids": str(known.pk), "unknown": f"{new.pk},{odd.pk}", "type": "fine"},
    ).json()
    assert list(answer["lines"]) == [str(known.pk)]
    assert "done" in answer["lines"][str(known.pk)]["cells"]["state"]
    assert answer["new"] == [str(new.pk)]
    assert answer["figures"]["waiting"] == 2
    assert operator.get(reverse("admin:jobs_backgroundjob_lines"), {"ids": "'"}).status_code == 404


def test_who_is_no_operator_sees_nothing(enqueue: Make, alice: User) -> None:
    enqueue("fine")
    client = Client()
    client.force_login(alice)
    for address in (
        LIST,
        reverse("admin:jobs_backgroundjob_lines"),
        reverse("admin:jobs_backgroundjob_ask", args=["cancel"]),
    ):
        assert client.get(address).status_code == 302
