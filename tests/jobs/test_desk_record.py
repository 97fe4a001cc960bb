"""The page of one job, the dashboard and the schedules."""

from __future__ import annotations

import datetime
import html
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule, Task

from jobs import history, schedules, statistics
from jobs.admin import masking
from jobs.context import Context
from jobs.errors import TemporaryError
from jobs.models import BackgroundJob, JobHour, JobQueue, Worker
from jobs.testing import run_due_jobs
from jobs.workers import Identity
from tests.jobs.conftest import Make
from trainai.accounts.models import User

pytestmark = pytest.mark.django_db


def stumble_once(context: Context) -> dict[str, Any]:
    context.step("probe", lambda: {"seconds": 88.2})
    context.report(40, "at 0:52 of 1:28")
    if context.job.retry_count == 0:
        raise TemporaryError("busy", "The service was busy.", "HTTP 429, Authorization: Bearer abcdefghijklmn")
    return {"words": 204, "playback_token": "eyJhbGciOi.eyJzdWIi.sig"}


def page(client: Client, job: BackgroundJob) -> str:
    answer = client.get(reverse("admin:jobs_backgroundjob_change", args=[job.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_job_tells_its_life(operator: Client, enqueue: Make, handle: Callable[..., None]) -> None:
    handle("listen", stumble_once, label="Listening")
    handle("write", lambda context: {}, label="Writing the steps")
    job = enqueue("listen", input_data={"language": "en", "api_key": "sk-123456789"})
    enqueue("write", depends_on=job)
    run_due_jobs(["listen"], ignore_backoff=True)
    told = page(operator, job)
    for words in (
        *("Attempt 1: failed", "at 40 %", "The service was busy.", "HTTP 429"),
        *("Attempt 2: done", "probe", "&quot;words&quot;: 204", "Writing the steps"),
        *("1 of 3", "Usually takes", "What operators did"),
    ):
        assert words in told, words
    for secret in ("abcdefghijklmn", "eyJzdWIi", "sk-123456789"):
        assert secret not in told, secret


def test_everything_known_of_a_job_comes_as_a_file_without_secrets(
    operator: Client, enqueue: Make, handle: Callable[..., None], alice: User
) -> None:
    handle("listen", stumble_once, label="Listening")
    handle("write", lambda context: {}, label="Writing the steps")
    job = enqueue("listen", input_data={"language": "en", "api_key": "sk-123456789"})
    behind = enqueue("write", depends_on=job)
    run_due_jobs(["listen"], ignore_backoff=True)
    answer = operator.get(reverse("admin:jobs_backgroundjob_bundle", args=[job.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="job-{job.pk}.json"'
    told = json.loads(answer.content)
    assert told["job"]["status"] == "completed"
    assert told["job"]["input_data"] == {"language": "en", "api_key": masking.HIDDEN}
    assert [one["outcome"] for one in told["attempts"]] == ["failed", "completed"]
    assert told["attempts"][0]["error_data"]["code"] == "busy"
    assert [(one["name"], one["result"]) for one in told["steps"]] == [("probe", {"seconds": 88.2})]
    assert told["queue"] == told["before"] == []
    assert [one["pk"] for one in told["after"]] == [str(behind.pk)]
    assert told["software"]["migrations"]["jobs"] >= "0012"
    for secret in ("abcdefghijklmn", "eyJzdWIi", "sk-123456789"):
        assert secret not in answer.content.decode()
    stranger = Client()
    stranger.force_login(alice)
    assert stranger.get(reverse("admin:jobs_backgroundjob_bundle", args=[job.pk])).status_code == 302


def test_a_job_that_waits_says_for_what(operator: Client, enqueue: Make, handle: Callable[..., None]) -> None:
    handle("listen", lambda context: {}, label="Listening")
    handle("write", lambda context: {}, label="Writing the steps")
    before = enqueue("listen")
    assert "waits for “Listening”" in page(operator, enqueue("write", depends_on=before))


def test_an_unknown_job_is_not_found(operator: Client) -> None:
    address = reverse("admin:jobs_backgroundjob_change", args=["00000000-0000-0000-0000-000000000000"])
    assert operator.get(address).status_code == 404


def test_the_dashboard_counts_and_links(operator: Client, enqueue: Make, handle: Callable[..., None]) -> None:
    handle("fine", lambda context: {}, label="Listening")
    enqueue("fine")
    run_due_jobs()
    enqueue("fine")
    for span in ("day", "week", "month", "nonsense"):
        answer = operator.get(reverse("admin:index"), {"span": span})
        told = answer.content.decode()
        assert answer.context["figures"].waiting == 1
        assert answer.context["completed"] == 1
        for words in ("?state=working", "?state=stuck", "?failure=today", "?type=fine", "Clean-up of old jobs", "<svg"):
            assert words in told, words
        assert operator.get(reverse("admin:jobs_worker_changelist")).status_code == 200


@pytest.mark.parametrize("span", ["day", "week", "month"])
def test_every_number_of_a_time_leads_to_the_list_of_that_time(
    operator: Client, enqueue: Make, handle: Callable[..., None], span: str
) -> None:
    handle("fine", lambda context: {}, label="Listening")
    old, new = enqueue("fine"), enqueue("fine")
    run_due_jobs()
    BackgroundJob.objects.filter(pk=old.pk).update(completed_at=timezone.now() - datetime.timedelta(days=40))
    told = operator.get(reverse("admin:index"), {"span": span}).content.decode()
    links = re.findall(rf'href="([^"]*[?&](?:amp;)?ended={span}[^"]*)">([^<]*)', told)
    said = {text: html.unescape(address) for address, text in links}
    assert {"1 done", "0 failed", "0 cancelled", "0.0 % fail", "1"} <= set(said)
    assert any(text.endswith("an hour") for text in said)
    for text, found in (("1 done", [new]), ("1", [new]), ("0 failed", [])):
        page = operator.get(said[text]).content.decode()
        assert set(re.findall(r'data-job="([^"]+)"', page)) == {str(job.pk) for job in found}, text


def test_the_workers_alive_lead_to_all_workers(operator: Client, enqueue: Make, handle: Callable[..., None]) -> None:
    handle("fine", lambda context: {}, label="Listening")
    job = enqueue("fine")
    worker = Worker.objects.create(**Identity(resident=True).as_row())
    Worker.objects.create(host="away/1/2", pid=7, ticks=1, seen_at=timezone.now() - datetime.timedelta(minutes=1))
    BackgroundJob.objects.filter(pk=job.pk).update(status="processing", started_at=timezone.now())
    JobQueue.objects.filter(job=job).update(token=uuid.uuid4(), leased_until=timezone.now(), worker_id=worker.pk)
    address = reverse("admin:jobs_worker_changelist")
    assert re.search(rf'href="{address}"[^>]*><b>1</b>', operator.get(reverse("admin:index")).content.decode())
    page = operator.get(address).content.decode()
    for words in (str(worker), "alive", "Listening", str(job.pk), "away:7", "silent"):
        assert words in page, words


def test_hours_outlive_their_jobs_and_are_never_counted_twice(enqueue: Make, handle: Callable[..., None]) -> None:
    handle("fine", lambda context: {})
    enqueue("fine")
    run_due_jobs()
    since = timezone.now() - datetime.timedelta(days=1)
    live = history.since(since)
    statistics.record()
    statistics.record()
    assert history.since(since) == live
    BackgroundJob.objects.all().delete()
    assert sum(hour.completed for hour in _counted_before(since)) == 1


def _counted_before(since: datetime.datetime) -> list[history.Hour]:
    """What is known once a later hour has been counted too."""
    later = timezone.now().replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)
    JobHour.objects.create(began_at=later, job_type="other")
    return history.since(since)


def test_every_installation_cleans_up_and_counts_by_itself() -> None:
    assert set(Schedule.objects.values_list("func", flat=True)) >= {
        "jobs.schedules.clean_up",
        "jobs.schedules.count_hours",
    }


def test_a_schedule_that_an_operator_changed_stays_so(operator: Client) -> None:
    schedule = Schedule.objects.get(func="jobs.schedules.clean_up")
    Schedule.objects.filter(pk=schedule.pk).update(next_run=timezone.now() + datetime.timedelta(days=3), repeats=0)
    schedules.ensure(apps.get_app_config("django_q"))
    schedule.refresh_from_db()
    assert schedule.repeats == 0


def test_the_daily_clean_up_deletes_what_was_over_long_ago(enqueue: Make, handle: Callable[..., None]) -> None:
    handle("fine", lambda context: {})
    old, new = enqueue("fine"), enqueue("fine")
    run_due_jobs()
    BackgroundJob.objects.filter(pk=old.pk).update(completed_at=timezone.now() - datetime.timedelta(days=31))
    planned = (timezone.now() - datetime.timedelta(seconds=2)).isoformat()
    result = schedules.clean_up(planned=planned)
    assert result["deleted"] == 1
    assert 2 <= result["late"] < 60
    assert list(BackgroundJob.objects.all()) == [new]


def test_the_desk_says_how_late_a_schedule_was(operator: Client) -> None:
    schedule = Schedule.objects.get(func="jobs.schedules.count_hours")
    now = timezone.now()
    task = Task.objects.create(
        id="a" * 32, name="run", func=schedule.func, started=now, stopped=now, success=True, result={"late": 0.4}
    )
    Schedule.objects.filter(pk=schedule.pk).update(task=task.id, next_run=now + datetime.timedelta(minutes=5))
    told = operator.get(reverse("admin:django_q_schedule_changelist")).content.decode()
    assert "0.4 s" in told
    assert "in 4 min" in told


def test_a_schedule_that_is_run_by_hand_is_written_down(operator: Client) -> None:
    schedule = Schedule.objects.get(func="jobs.schedules.clean_up")
    address = reverse("admin:django_q_schedule_changelist")
    operator.post(address, {"action": "run_now", "_selected_action": [schedule.pk]})
    schedule.refresh_from_db()
    assert schedule.next_run <= timezone.now()
    assert LogEntry.objects.get().change_message == "run now"
