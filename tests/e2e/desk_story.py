"""An afternoon at the desk: jobs in every state, of two companies, with attempts, steps, costs and a pause."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from jobs import limits, queue
from jobs.models import Alert, BackgroundJob, JobAttempt, JobQueue, JobStep, Worker
from jobs.workers import Identity
from tests.trainings.making import bare_training
from trainai.accounts.models import User
from trainings import pipeline
from trainings.models import ProviderCall, Training

ENDED = {"completed": 100, "failed": 40, "cancelled": 20}


def ago(**time: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(**time)


def lay(alice: User, charlie: User, operator: User) -> dict[str, BackgroundJob]:
    """Put it into the tables; return one job of each state by its name."""
    training = bare_training(alice, "Refund in the till")
    pipeline.enqueue_jobs(training)
    pipeline.enqueue_jobs(bare_training(charlie, "Count the stock at the end of the month"))
    for number in range(30):
        _end(_made("mux_upload" if number % 3 else "transcription", alice, training), "completed", number)
    failed, cancelled = _made("mux_upload", alice, training), _made("transcription", alice, training)
    _end(failed, "failed", 2)
    _end(cancelled, "cancelled", 3)
    LogEntry.objects.create(
        user=operator, content_type=ContentType.objects.get_for_model(BackgroundJob), object_id=str(cancelled.pk),
        object_repr="a job", action_flag=CHANGE, change_message="Cancel: The wrong recording",
    )  # fmt: skip
    working = BackgroundJob.objects.get(training=training, job_type="transcription", status="pending")
    _begin(working, percent=62, leased_until=timezone.now() + datetime.timedelta(hours=1))
    unmeasured = BackgroundJob.objects.get(training=training, job_type="mux_upload", status="pending")
    _begin(unmeasured, percent=0, leased_until=timezone.now() + datetime.timedelta(hours=1))
    stuck = _made("sop_generation", alice, training)
    _begin(stuck, percent=30, leased_until=ago(minutes=11))
    for _number in range(3):
        _made("sop_generation", charlie, training=None)
    limits.pause(job_type="step_pictures", why="the disk is nearly full", by=operator)
    paused = _made("step_pictures", alice, training)
    Alert.objects.create(
        key=f"failed:{failed.pk}", text="failed", first_seen_at=ago(hours=3), seen_at=ago(), raised_at=ago(hours=3)
    )
    waiting = BackgroundJob.objects.filter(training=training, job_type="sop_generation", status="pending")[0]
    return {
        "working": working, "unmeasured": unmeasured, "failed": failed, "cancelled": cancelled, "stuck": stuck,
        "paused": paused, "waiting": waiting,
    }  # fmt: skip


def _made(job_type: str, user: User, training: Training | None) -> BackgroundJob:
    assert user.company
    job = queue.enqueue(job_type, user=user, company=user.company, training=training)
    BackgroundJob.objects.filter(pk=job.pk).update(input_data={"language": "en", "accessToken": "abc123"})
    return job


def _begin(job: BackgroundJob, *, percent: int, leased_until: datetime.datetime) -> None:
    worker = Worker.objects.create(**Identity(resident=True).as_row())
    token, began = uuid.uuid4(), ago(minutes=2)
    said = "04:40 of 06:31" if percent else ""
    BackgroundJob.objects.filter(pk=job.pk).update(
        status="processing", started_at=began, progress_percentage=percent, progress_message=said
    )
    JobQueue.objects.filter(job=job).update(token=token, leased_until=leased_until, worker_id=worker.pk)
    JobAttempt.objects.create(id=token, job=job, number=1, worker=str(worker), started_at=began)
    ProviderCall.objects.create(provider="openai", model="whisper-1", kind="transcription", price=Decimal("0.02"),
                                job_id=job.pk, state="open")  # fmt: skip


def _end(job: BackgroundJob, status: str, hours: int) -> None:
    began, ended = ago(hours=hours, minutes=5), ago(hours=hours, minutes=2 + hours % 3)
    error: dict[str, Any] = {
        "code": "damaged_file", "message": "This video is damaged and cannot be read to its end.", "retryable": False,
        "attempt": 2, "detail": "ffmpeg: Invalid data found when processing input\npassword=swordfish",
    }  # fmt: skip
    JobQueue.objects.filter(job=job).delete()
    BackgroundJob.objects.filter(pk=job.pk).update(
        status=status, created_at=began, started_at=began, completed_at=ended, progress_percentage=ENDED[status],
        error_data=error if status == "failed" else None, output_data={"seconds": 391.4, "height": 720},
        cancel_requested_at=ended if status == "cancelled" else None,
    )  # fmt: skip
    if status == "failed":
        JobAttempt.objects.create(id=uuid.uuid4(), job=job, number=1, worker="till:41", started_at=ago(hours=hours + 1),
                                  ended_at=began, outcome="lost", progress_percentage=12)  # fmt: skip
    JobAttempt.objects.create(
        id=uuid.uuid4(), job=job, number=2, worker="till:42", started_at=began, ended_at=ended, outcome=status,
        progress_percentage=ENDED[status], error_data=error if status == "failed" else None,
    )  # fmt: skip
    JobStep.objects.create(job=job, name="probe", result={"seconds": 391.4}, seconds=0.4, finished_at=began)
