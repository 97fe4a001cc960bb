"""Work that ends in an unusual way is still told truly."""

from __future__ import annotations

import asyncio
import os
import queue
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from jobs import heartbeat, processes, wire
from jobs.attempt import Attempt
from jobs.context import Context
from jobs.errors import Cancelled, HandedBack, PermanentError, ProcessFailed, TooSlow
from jobs.listener import Listener, Subscriber
from jobs.models import BackgroundJob
from jobs.sight import Holder, Sight
from jobs.states import Lease
from jobs.testing import run_due_jobs
from jobs.workers import Identity
from tests.jobs.conftest import Make
from trainai import startup

Register = Callable[..., None]


def an_attempt() -> Attempt:
    return Attempt(BackgroundJob(job_type="nobody knows it"), Lease(uuid.uuid4(), uuid.uuid4()))


def test_a_child_that_was_ended_with_its_attempt_has_not_failed() -> None:
    attempt = an_attempt()

    def end_the_attempt(_line: str) -> None:
        attempt.wish = TooSlow

    with pytest.raises(TooSlow):
        attempt.run(["sh", "-c", "printf last; exit 1"], on_line=end_the_attempt)


def test_a_child_that_fails_by_itself_has_failed() -> None:
    with pytest.raises(ProcessFailed):
        an_attempt().run(["sh", "-c", "exit 1"])


def test_a_child_gets_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    lines: list[str] = []
    an_attempt().run(["env"], on_line=lines.append)
    names = {line.partition("=")[0] for line in lines}
    assert "PATH" in names
    assert names <= {*processes.INHERITED, processes.MARK, "PWD", "SHLVL", "_"}


@pytest.mark.django_db
def test_a_reason_that_no_database_can_hold_is_told_as_far_as_it_can(handle: Register, enqueue: Make) -> None:
    def refuse(context: Context) -> dict[str, Any]:
        raise PermanentError("damaged_file", "It is damaged.", "title: \0 and \ud83d")

    handle("refuse", refuse)
    job = enqueue("refuse")
    run_due_jobs()
    job.refresh_from_db()
    assert job.error_data
    assert (job.status, job.error_data["detail"]) == ("failed", "title: \N{REPLACEMENT CHARACTER} and ?")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("text", ["a\0b", "half of a \ud83d"])
def test_a_result_that_no_database_can_hold_fails_the_job(handle: Register, enqueue: Make, text: str) -> None:
    handle("output", lambda context: {"text": text})
    handle("step", lambda context: {"text": context.step("read", lambda: text)})
    jobs = [enqueue("output"), enqueue("step")]
    run_due_jobs()
    for job in jobs:
        job.refresh_from_db()
        assert job.error_data
        assert (job.status, job.error_data["code"]) == ("failed", "bad_output")


@pytest.mark.django_db
def test_progress_is_told_as_far_as_a_database_can_hold_it(handle: Register, enqueue: Make) -> None:
    told = []

    def work(context: Context) -> dict[str, Any]:
        context.report(50, "page \0 of \ud83d")
        told.append(BackgroundJob.objects.get(pk=context.job.pk).progress_message)
        return {}

    handle("work", work)
    enqueue("work")
    run_due_jobs()
    assert told == ["page \N{REPLACEMENT CHARACTER} of ?"]


@pytest.mark.django_db(transaction=True)
def test_the_pages_line_comes_back_when_the_server_could_not_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = wire.parameters, []

    def first_in_vain(**settings: str) -> dict[str, Any]:
        asked.append(settings)
        if len(asked) == 1:
            raise ImproperlyConfigured("PostgreSQL does not start: the disk is full.")
        return real(**settings)

    async def listen() -> None:
        listener, subscriber = Listener(), Subscriber(Holder("", uuid.uuid4(), "", desk=False), Sight(), None, "en")
        await asyncio.wait_for(listener.subscribe(subscriber), 20)
        await listener.unsubscribe(subscriber)

    monkeypatch.setattr(wire, "parameters", first_in_vain)
    asyncio.run(listen())
    assert len(asked) == 2


def test_what_an_attempt_makes_in_between_is_for_its_own_user_only(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    assert an_attempt().scratch.stat().st_mode & 0o777 == 0o700


def test_recordings_are_for_the_servers_own_user_only(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    startup.prepare_folders()
    assert settings.MEDIA_ROOT.stat().st_mode & 0o777 == 0o700


def test_a_worker_without_its_sentinel_is_out_of_the_way_of_the_next_as_soon_as_after_a_cancel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    beats = heartbeat.Heartbeat(Identity(resident=True), queue.SimpleQueue(), may_exit=True)
    stopped, cancelled = an_attempt(), an_attempt()
    stopped.wish, cancelled.wish = HandedBack, Cancelled
    assert beats._grace(stopped) > beats._grace(cancelled)
    monkeypatch.setattr(os, "getppid", lambda: 1)
    assert beats._grace(stopped) == beats._grace(cancelled)
