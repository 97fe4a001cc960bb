"""Every SQL statement of the testing guide runs as it stands there and gives a true answer.

The statements lie in `guide.sql`; where the guide itself lies beside the checkout, they are compared with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from jobs import claim, queue
from jobs.context import Context
from jobs.errors import PermanentError, TemporaryError
from jobs.models import BackgroundJob, JobAttempt, JobQueue
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make
from trainai.accounts.models import User

pytestmark = pytest.mark.django_db
Row = dict[str, Any]
GUIDE = Path(__file__).parents[3] / "shared" / "seed" / "background-processing-testing-guide.md"


def statements(text: str) -> list[str]:
    """Return the statements of an SQL text, without comments and psql's own commands."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("--", "\\"))]
    return [statement.strip() for statement in "\n".join(lines).split(";") if statement.strip()]


OURS = statements(Path(__file__).with_name("guide.sql").read_text())


def ask(number: int, user: UUID | None = None) -> list[Row]:
    """Run the guide's statement with this number, counted from 0."""
    statement = OURS[number].replace("your-user-id", str(user)) if user else OURS[number]
    with connection.cursor() as cursor:
        cursor.execute(statement)
        if cursor.description is None:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def refuse(context: Context) -> dict[str, Any]:
    raise PermanentError("damaged_file", "The file is damaged.")


def stumble(context: Context) -> dict[str, Any]:
    raise TemporaryError("busy", "The service was busy.")


@pytest.fixture
def lives(handle: Callable[..., None], enqueue: Make) -> dict[str, BackgroundJob]:
    """A job in each state, each under the name of its state."""
    handle("fine", lambda context: {"words": 204})
    handle("refuse", refuse)
    handle("stumble", stumble)
    jobs = {"completed": enqueue("fine"), "failed": enqueue("refuse"), "used_up": enqueue("stumble", max_retries=1)}
    run_due_jobs(ignore_backoff=True)
    jobs["cancelled"] = queue.cancel(enqueue("fine").pk)
    jobs["processing"] = enqueue("fine", priority=1)
    claim.take(UUID(int=1), "test", claim.Wanted(None))
    jobs["pending"] = enqueue("fine", priority=7)
    jobs["urgent"] = enqueue("fine", priority=2)
    return jobs


@pytest.mark.skipif(not GUIDE.exists(), reason="the guide lies beside the checkout only where it is developed")
def test_our_copy_is_what_the_guide_says() -> None:
    blocks = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    # The indentation of a block is its list's.
    told = [one for block in blocks for one in statements(re.sub(r"^ {3}", "", block, flags=re.MULTILINE))]
    assert told == OURS


def test_both_tables_are_there(lives: dict[str, BackgroundJob]) -> None:
    [job], [row] = ask(0), ask(1)
    assert {"id", "user_id", "company_id", "training_id", "job_type", "status", "depends_on_id"} <= set(job)
    assert {"id", "job_id", "priority", "created_at", "run_at"} <= set(row)


def test_jobs_are_found_by_their_user_newest_first(lives: dict[str, BackgroundJob], alice: User, bob: User) -> None:
    rows = ask(2, alice.pk)
    assert len(rows) == len(lives)
    assert [row["created_at"] for row in rows] == sorted((row["created_at"] for row in rows), reverse=True)
    assert ask(2, bob.pk) == []


def test_what_runs_and_what_is_done_shows_progress_and_output(lives: dict[str, BackgroundJob]) -> None:
    told = {row["status"]: row for row in ask(3)}
    assert set(told) == {"processing", "completed"}
    assert (told["completed"]["progress_percentage"], told["completed"]["output_data"]) == (100, '{"words": 204}')


def test_failed_jobs_say_why(lives: dict[str, BackgroundJob]) -> None:
    rows = ask(4)
    assert {(row["job_type"], row["retry_count"]) for row in rows} == {("refuse", 0), ("stumble", 1)}
    assert all("message" in row["error_data"] for row in rows)


def test_cancelled_jobs_have_an_end(lives: dict[str, BackgroundJob]) -> None:
    [row] = ask(5)
    assert row["status"] == "cancelled"
    assert row["completed_at"] is not None


def test_durations_are_those_of_the_last_attempts(lives: dict[str, BackgroundJob]) -> None:
    began = timezone.now() - timedelta(hours=1)
    ended = began + timedelta(seconds=42)
    BackgroundJob.objects.filter(pk=lives["failed"].pk).update(started_at=began, completed_at=ended)
    told = {row["job_type"]: (row["avg_duration_seconds"], row["job_count"]) for row in ask(6)}
    assert told["refuse"] == (42, 1)
    assert told["fine"][1] == 2


def test_stuck_jobs_are_those_that_wait_for_ten_minutes(lives: dict[str, BackgroundJob]) -> None:
    assert ask(7) == []
    BackgroundJob.objects.filter(pk=lives["pending"].pk).update(created_at=timezone.now() - timedelta(minutes=11))
    assert [row["id"] for row in ask(7)] == [lives["pending"].pk]


def test_jobs_that_keep_failing_have_used_up_their_retries(lives: dict[str, BackgroundJob]) -> None:
    assert [(row["job_type"], row["retry_count"]) for row in ask(8)] == [("stumble", 1)]


def test_the_queue_is_told_in_its_order(lives: dict[str, BackgroundJob]) -> None:
    assert [row["job_id"] for row in ask(9)] == [lives[name].pk for name in ("processing", "urgent", "pending")]


def test_active_jobs_are_those_that_run(lives: dict[str, BackgroundJob]) -> None:
    assert [row["id"] for row in ask(10)] == [lives["processing"].pk]


def test_the_clean_up_takes_what_ended_long_ago_with_everything_of_it(lives: dict[str, BackgroundJob]) -> None:
    old = timezone.now() - timedelta(days=31)
    gone = [lives[name].pk for name in ("completed", "failed", "cancelled")]
    BackgroundJob.objects.filter(pk__in=gone).update(completed_at=old)
    BackgroundJob.objects.filter(pk=lives["pending"].pk).update(created_at=old)
    ask(11)
    assert set(BackgroundJob.objects.values_list("pk", flat=True)) == {job.pk for job in lives.values()} - set(gone)
    assert not JobAttempt.objects.filter(job__in=gone).exists()
    assert JobQueue.objects.count() == 3
