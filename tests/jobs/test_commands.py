"""The operator's commands."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs import schedules
from jobs.errors import PermanentError
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make

pytestmark = pytest.mark.django_db


def refuse(context: Any) -> dict[str, Any]:
    raise PermanentError("damaged_file", "The file is damaged.")


@pytest.fixture(autouse=True)
def job_types(handle: Callable[..., None]) -> None:
    handle("fine", lambda context: {})
    handle("refuse", refuse)


def answer(*words: str) -> Any:
    out = StringIO()
    call_command(*words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_failed_jobs_are_retried_by_type(enqueue: Make) -> None:
    failed = enqueue("refuse")
    enqueue("fine")
    run_due_jobs()
    assert answer("retry_jobs", "--types", "refuse,fine") == {"retried": [str(failed.id)], "refused": {}}
    failed.refresh_from_db()
    assert failed.status == "pending"


def test_old_waiting_jobs_are_cancelled(enqueue: Make) -> None:
    old, _new = enqueue("fine"), enqueue("fine")
    BackgroundJob.objects.filter(pk=old.pk).update(created_at=timezone.now() - datetime.timedelta(hours=3))
    assert answer("cancel_jobs", "--older-than", "2h")["cancelled"] == [str(old.id)]


def test_naming_no_jobs_is_refused() -> None:
    with pytest.raises(CommandError, match="Say which"):
        call_command("cancel_jobs")


def test_a_refusal_is_told_with_its_reason(enqueue: Make) -> None:
    job = enqueue("fine")
    run_due_jobs()
    with pytest.raises(CommandError, match="1 refused"):
        call_command("retry_jobs", str(job.id), stdout=StringIO(), stderr=StringIO())


def test_clean_up_takes_only_what_was_over_long_ago(enqueue: Make) -> None:
    old, new, waiting = enqueue("fine"), enqueue("fine"), enqueue("fine", run_at=timezone.now().replace(year=2199))
    run_due_jobs()
    before = timezone.now() - datetime.timedelta(days=31)
    BackgroundJob.objects.filter(pk=old.pk).update(completed_at=before)
    BackgroundJob.objects.filter(pk=waiting.pk).update(created_at=before)
    assert answer("cleanup_jobs", "--dry-run") == {"found": 1, "deleted": 0}
    assert answer("cleanup_jobs") == {"found": 1, "deleted": 1}
    assert set(BackgroundJob.objects.values_list("pk", flat=True)) == {new.pk, waiting.pk}


def test_what_is_kept_how_long_is_one_setting_for_the_night_and_the_command(enqueue: Make, settings: Settings) -> None:
    settings.KEEP_JOBS_DAYS = 3
    young, old = enqueue("fine"), enqueue("fine")
    run_due_jobs()
    for job, days in ((young, 2), (old, 4)):
        BackgroundJob.objects.filter(pk=job.pk).update(completed_at=timezone.now() - datetime.timedelta(days=days))
    assert answer("cleanup_jobs", "--dry-run")["found"] == 1
    assert schedules.clean_up()["deleted"] == 1
    assert list(BackgroundJob.objects.all()) == [young]


def test_the_numbers_tell_what_runs_waits_and_failed(enqueue: Make) -> None:
    enqueue("fine")
    enqueue("refuse", max_retries=0)
    run_due_jobs()
    enqueue("fine")
    numbers = answer("job_stats")
    assert {row["job_type"]: row["job_count"] for row in numbers["by_type"]} == {"fine": 1, "refuse": 1}
    assert numbers["by_status"] == {"completed": 1, "failed": 1, "pending": 1}
    assert (numbers["queue_due"], numbers["failed_for_good"], numbers["workers"]) == (1, 1, 0)
    call_command("job_stats", stdout=StringIO())


def test_a_due_job_that_nobody_begins_is_stuck(enqueue: Make) -> None:
    job = enqueue("fine")
    enqueue("fine", depends_on=job)
    job.queue_row.run_at = timezone.now() - datetime.timedelta(minutes=11)
    job.queue_row.save()
    assert answer("job_stats")["stuck"] == [str(job.id)]


@pytest.mark.django_db(transaction=True)
def test_due_jobs_are_processed_in_the_foreground(enqueue: Make) -> None:
    fine, bad = enqueue("fine"), enqueue("refuse")
    assert answer("process_jobs") == {"processed": [str(fine.id)], "failed": [str(bad.id)]}
    with pytest.raises(CommandError, match="Unknown job type"):
        call_command("process_jobs", "--types", "odd")
