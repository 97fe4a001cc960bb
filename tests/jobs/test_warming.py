"""What the next job will need is loaded beside the one before it, and never at its cost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from jobs import warming
from jobs.models import BackgroundJob
from jobs.worker import Loop
from tests.jobs.conftest import Make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _a_new_process() -> Iterator[None]:
    before = set(warming._begun)
    warming._begun.clear()
    yield
    warming._begun.clear()
    warming._begun.update(before)


def _work(loop: Loop) -> None:
    """Do what is due as a resident worker does."""
    loop.stay(until=lambda: not BackgroundJob.objects.filter(status__in=("pending", "processing")).exists())


def test_the_next_kind_is_loaded_once_while_the_first_job_runs(handle: Callable[..., None], enqueue: Make) -> None:
    loaded: list[str] = []
    done = threading.Event()

    def load() -> None:
        loaded.append(threading.current_thread().name)
        done.set()

    handle("hear", lambda _: {"in_time": done.wait(30)}, leads_to="write")
    handle("write", lambda _: {}, warm_up=load)
    first, second = enqueue("hear"), enqueue("hear")
    _work(Loop(resident=True))
    for job in (first, second):
        job.refresh_from_db()
        assert job.output_data == {"in_time": True}
    assert loaded == ["load write"]


def test_what_cannot_be_loaded_costs_the_running_job_nothing(handle: Callable[..., None], enqueue: Make) -> None:
    tried = threading.Event()

    def fail() -> None:
        tried.set()
        raise ImportError("the weights are not there")

    handle("hear", lambda _: {"in_time": tried.wait(30)}, leads_to="write")
    handle("write", lambda _: {}, warm_up=fail)
    job = enqueue("hear")
    _work(Loop(resident=True))
    job.refresh_from_db()
    assert (job.status, job.output_data) == ("completed", {"in_time": True})


def test_a_waiting_worker_loads_nothing(handle: Callable[..., None], enqueue: Make) -> None:
    loaded: list[str] = []
    handle("hear", lambda _: {}, leads_to="write", warm_up=lambda: loaded.append("hear"))
    handle("other", lambda _: {})
    handle("write", lambda _: {}, warm_up=lambda: loaded.append("write"))
    enqueue("other")
    _work(Loop(resident=True))
    assert loaded == []
