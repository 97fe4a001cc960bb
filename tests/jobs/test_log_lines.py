"""Each line of the log says which job it is about, and none holds a secret."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from jobs import log_lines
from jobs.context import Context
from jobs.worker import Loop
from tests.jobs.conftest import Make

Register = Callable[..., None]
Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def written() -> Iterator[Written]:
    """Write to memory as JSON."""
    page, handler = io.StringIO(), logging.StreamHandler()
    handler.setStream(page)
    handler.setFormatter(log_lines.JsonLines())
    logger = logging.getLogger("jobs")
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in page.getvalue().splitlines()]
    logger.setLevel(before)
    logger.removeHandler(handler)


@pytest.mark.django_db
def test_lines_within_a_job_name_it_and_those_after_it_do_not(
    handle: Register, enqueue: Make, written: Written
) -> None:
    def talk(context: Context) -> dict[str, Any]:
        logging.getLogger("jobs.test").warning("half way")
        return {}

    handle("talk", talk)
    job = enqueue("talk")
    Loop(resident=False).drain()
    logging.getLogger("jobs.test").warning("afterwards")
    inside, end, after = written()
    assert inside["message"] == "half way"
    assert (inside["job"], inside["company"], inside["attempt"]) == (str(job.pk), str(job.company_id), 1)
    assert inside["worker"]
    assert (end["message"], end["job_type"]) == ("job ended: completed", "talk")
    assert "job" not in after


def test_threads_of_a_worker_name_its_job_too(written: Written) -> None:
    with log_lines.about(whole_process=True, job="j"):
        thread = threading.Thread(target=logging.getLogger("jobs").warning, args=("from a thread",))
        thread.start()
        thread.join()
    assert written()[0]["job"] == "j"


def test_no_secret_gets_into_a_line(settings: Settings, written: Written) -> None:
    settings.OPENAI_API_KEY = "sk-secret-of-ours"
    log_lines._values.cache_clear()
    try:
        raise RuntimeError("refused key sk-secret-of-ours at postgresql://me:hunter22@host/db")
    except RuntimeError:
        logging.getLogger("jobs").exception("Authorization: Bearer abcdef12345")
    log_lines._values.cache_clear()
    (line,) = written()
    assert log_lines.HIDDEN in line["message"]
    for secret in ("sk-secret-of-ours", "hunter22", "abcdef12345"):
        assert secret not in json.dumps(line)


def test_lines_for_people_end_with_the_marks() -> None:
    record = logging.LogRecord("jobs", logging.WARNING, "", 0, "slow", None, None)
    with log_lines.about(whole_process=False, job="j", attempt=2):
        assert log_lines.Lines().format(record).endswith("WARNING jobs: slow [job=j attempt=2]")


@pytest.mark.django_db
def test_a_failed_handlers_traceback_names_the_job(handle: Register, enqueue: Make, written: Written) -> None:
    handle("break", lambda context: 1 / 0, max_retries=0)
    job = enqueue("break")
    Loop(resident=False).drain()
    broken = [line for line in written() if "exception" in line]
    assert [("ZeroDivisionError" in line["exception"], line["job"]) for line in broken] == [(True, str(job.pk))]
