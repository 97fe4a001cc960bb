"""Operators are told what needs them, once, and that it is over: by a real mail server and over real HTTP."""

from __future__ import annotations

import datetime
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs import limits, queue
from jobs.alerts import channels, sending
from jobs.alerts.look import look
from jobs.models import Alert, AlertNotice, BackgroundJob, JobLimit, JobQueue, Worker
from jobs.testing import run_due_jobs
from jobs.workers import Identity
from tests import post
from tests.fakes import server
from tests.fakes.server import FakeServer, Request, Response
from tests.jobs.conftest import Make
from tests.post import Post
from trainai.accounts.models import Company

pytestmark = pytest.mark.django_db
Register = Callable[..., None]


class Hook(FakeServer):
    """A web server that keeps what is posted to it and taken."""

    def __init__(self) -> None:
        super().__init__()
        self.posted: list[dict[str, Any]] = []

    def respond(self, request: Request) -> Response:
        self.posted.append(request.json)
        return Response()

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(body["event"], body["kind"]) for body in self.posted]


@pytest.fixture(autouse=True)
def quiet(settings: Settings) -> None:
    """Workers are there, and nobody is told of anything."""
    settings.ALERT_EMAIL, settings.ALERT_WEBHOOK = [], ""
    settings.ALERT_QUEUE_SECONDS, settings.ALERT_WORKER_SECONDS = 900, 30


@pytest.fixture
def worker(quiet: None) -> Worker:
    return Worker.objects.create(**Identity(resident=True).as_row())


@pytest.fixture
def box(settings: Settings) -> Iterator[Post]:
    settings.ALERT_EMAIL = ["operator@example.com"]
    with post.running(settings) as box:
        yield box


@pytest.fixture
def hook(settings: Settings) -> Iterator[Hook]:
    with server.running(Hook()) as hook:
        settings.ALERT_WEBHOOK = f"{hook.url}/alerts"
        yield hook


@pytest.fixture
def broken(handle: Register, enqueue: Make) -> BackgroundJob:
    """A job that has failed for good, and one that failed with it."""
    handle("break", lambda context: 1 / 0, max_retries=0, label="Breaking")
    job = enqueue("break")
    enqueue("break", depends_on=job)
    run_due_jobs()
    return job


def watch() -> None:
    look()
    sending.send_due()


def test_a_failure_is_told_once_and_its_end_too(worker: Worker, box: Post, hook: Hook, broken: BackgroundJob) -> None:
    for _ in range(3):
        watch()
    assert hook.told == [("raised", "failed")]
    assert [mail["Subject"] for mail in box.mails] == ["[TrainAI] 1 job failed for good"]
    text = box.mails[0].get_content()
    assert "Breaking failed for good" in text
    assert str(broken.pk) in text
    queue.retry(broken.pk)
    for _ in range(2):
        watch()
    assert hook.told == [("raised", "failed"), ("cleared", "failed")]
    assert [mail["Subject"] for mail in box.mails[1:]] == ["[TrainAI] Over: 1 job failed for good"]
    assert not Alert.objects.exists()


def test_failures_of_one_look_come_in_one_message(worker: Worker, hook: Hook, handle: Register, enqueue: Make) -> None:
    handle("break", lambda context: 1 / 0, max_retries=0)
    for _ in range(3):
        enqueue("break")
    run_due_jobs()
    watch()
    assert [len(body["lines"]) for body in hook.posted] == [3]


def test_the_desk_shows_what_is_wrong_since_when_and_what_to_do_though_nobody_is_mailed(
    worker: Worker, broken: BackgroundJob, operator: Client
) -> None:
    watch()
    Alert.objects.update(first_seen_at=timezone.now() - datetime.timedelta(hours=3))
    page = operator.get("/admin/").content.decode()
    assert re.search(r'href="[^"]*\?state=failed">1 job failed for good</a>\s*<span[^>]*>for 3 h', page)
    assert "Read the reason, mend it and retry." in page
    assert "set ALERT_EMAIL or ALERT_WEBHOOK" in page
    queue.retry(broken.pk)
    watch()
    assert "What needs you" not in operator.get("/admin/").content.decode()


def test_what_is_made_to_fail_alarms_nobody(worker: Worker, hook: Hook, handle: Register, enqueue: Make) -> None:
    handle("break", lambda context: 1 / 0, max_retries=0, watched=False)
    enqueue("break")
    run_due_jobs()
    watch()
    assert hook.told == []


def test_a_webhook_that_is_down_gets_all_in_order_later_and_mail_does_not_wait_for_it(
    worker: Worker, box: Post, hook: Hook, broken: BackgroundJob
) -> None:
    hook.faults.extend([Response(503), Response(drop=True)])
    watch()
    queue.retry(broken.pk)
    watch()
    assert hook.told == []
    assert len(box.mails) == 2
    for _ in range(2):
        AlertNotice.objects.filter(sent_at=None).update(next_try_at=timezone.now())
        watch()
    assert hook.told == [("raised", "failed"), ("cleared", "failed")]
    assert len({body["id"] for body in hook.posted}) == 2
    assert len(box.mails) == 2


def test_a_mail_server_that_is_away_gets_it_when_it_is_back(
    worker: Worker, box: Post, broken: BackgroundJob, settings: Settings
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    watch()
    settings.EMAIL_PORT = port
    AlertNotice.objects.update(next_try_at=timezone.now())
    watch()
    assert len(box.mails) == 1


def test_that_no_worker_is_alive_is_told_when_it_lasts(hook: Hook) -> None:
    watch()
    assert hook.told == []
    Alert.objects.update(first_seen_at=timezone.now() - datetime.timedelta(seconds=31))
    watch()
    watch()
    assert hook.told == [("raised", "no_worker")]
    Worker.objects.create(**Identity(resident=True).as_row())
    watch()
    assert hook.told[1:] == [("cleared", "no_worker")]


def test_a_stop_of_everything_counts_as_no_time_without_workers(hook: Hook) -> None:
    watch()
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    Alert.objects.update(first_seen_at=long_ago, seen_at=long_ago)
    watch()
    assert hook.told == []


def test_an_old_queue_and_stuck_jobs_are_told(worker: Worker, hook: Hook, handle: Register, enqueue: Make) -> None:
    handle("wait", lambda context: {})
    enqueue("wait")
    JobQueue.objects.update(run_at=timezone.now() - datetime.timedelta(seconds=1000))
    watch()
    assert sorted(hook.told) == [("raised", "queue"), ("raised", "stuck")]
    run_due_jobs()
    watch()
    assert sorted(hook.told[2:]) == [("cleared", "queue"), ("cleared", "stuck")]


@pytest.mark.parametrize("held_up_by", ["pause", "pause of the company", "cap", "cap of the company"])
def test_a_queue_that_somebody_holds_up_is_not_too_old(
    worker: Worker, hook: Hook, handle: Register, enqueue: Make, company: Company, held_up_by: str
) -> None:
    handle("wait", lambda context: {})
    running, waiting = enqueue("wait"), enqueue("wait")
    JobQueue.objects.update(run_at=timezone.now() - datetime.timedelta(seconds=1000))
    BackgroundJob.objects.filter(pk=running.pk).update(status="processing", started_at=timezone.now())
    token, until = uuid.uuid4(), timezone.now() + datetime.timedelta(hours=1)
    JobQueue.objects.filter(job=running).update(token=token, leased_until=until)
    whose = {"company": company} if "company" in held_up_by else {"job_type": "wait"}
    if held_up_by.startswith("pause"):
        limits.pause(**whose, why="the ground is frozen")
    else:
        JobLimit.objects.create(**whose, most=1)
    watch()
    assert hook.told == []
    JobLimit.objects.all().delete()
    JobQueue.objects.filter(job=waiting).update(run_at=timezone.now() - datetime.timedelta(seconds=910))
    watch()
    assert ("raised", "queue") in hook.told


def test_a_queue_that_waits_for_more_workers_is_too_old(
    worker: Worker, hook: Hook, handle: Register, enqueue: Make
) -> None:
    handle("dig", lambda context: {}, share=0.5)
    running, _waiting = enqueue("dig"), enqueue("dig")
    JobQueue.objects.update(run_at=timezone.now() - datetime.timedelta(seconds=1000))
    BackgroundJob.objects.filter(pk=running.pk).update(status="processing", started_at=timezone.now())
    until = timezone.now() + datetime.timedelta(hours=1)
    JobQueue.objects.filter(job=running).update(token=uuid.uuid4(), leased_until=until)
    watch()
    assert hook.told == [("raised", "queue")]


def test_a_job_that_is_deleted_is_over_without_a_word(worker: Worker, hook: Hook, broken: BackgroundJob) -> None:
    watch()
    BackgroundJob.objects.all().delete()
    watch()
    assert len(hook.told) == 1
    assert not Alert.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_hosts_that_look_and_send_at_once_tell_once(worker: Worker, hook: Hook, broken: BackgroundJob) -> None:
    start = threading.Barrier(6)

    def one_host() -> None:
        start.wait()
        for _ in range(3):
            watch()
        connection.close()

    hosts = [threading.Thread(target=one_host) for _ in range(6)]
    for host in hosts:
        host.start()
    for host in hosts:
        host.join()
    connections.close_all()
    assert hook.told == [("raised", "failed")]


def test_each_kind_has_its_subject() -> None:
    for kind in channels.SUBJECTS:
        notice = AlertNotice(channel="mail", event="raised", kind=kind, lines=["one", "two"])
        assert "{" not in channels.subject(notice)
