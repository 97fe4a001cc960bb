"""One mail at the end: ready, or what it needs. Handed to a real mail server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core import mail as django_mail
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs import states
from jobs.models import BackgroundJob, JobQueue
from jobs.testing import run_due_jobs
from tests.post import Post, running
from tests.trainings.making import bare_training, ready_training
from trainai.accounts.models import User
from trainings import notices, pipeline
from trainings.models import Training

pytestmark = pytest.mark.django_db
BROKEN = {"code": "no_audio_track", "message": "This recording has no sound.", "retryable": False}


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    """A real mail server, which the installation hands its mails to."""
    settings.PUBLIC_URL = "https://train.example.com"
    with running(settings) as post:
        yield post


def ended(training: Training, **failed: object) -> None:
    """Let all jobs of the training end, the listening last: well, or with an error."""
    last = training.jobs.get(job_type="transcription")
    JobQueue.objects.filter(job__training=training).exclude(job=last).delete()
    rest = training.jobs.exclude(pk=last.pk)
    now = timezone.now()
    rest.update(status="completed", progress_percentage=100, started_at=now, completed_at=now)
    token = "7b1f6f0e-5c4e-4a58-9f0f-2f0a9ad7a001"
    JobQueue.objects.filter(job=last).update(token=token, leased_until=now)
    BackgroundJob.objects.filter(pk=last.pk).update(status="processing", started_at=now)
    lease = states.Lease(last.pk, token)  # type: ignore[arg-type]
    assert states.fail(lease, BROKEN, "transcription") if failed else states.complete(lease, {}, "transcription")


@pytest.fixture
def making(alice: User) -> Training:
    training = bare_training(alice, "Refund\nan order")
    pipeline.enqueue_jobs(training)
    return training


def test_a_training_that_is_ready_is_told_once_as_text_and_html_with_a_link(making: Training, post: Post) -> None:
    ended(making)
    run_due_jobs()
    run_due_jobs()
    (mail,) = post.mails
    assert (mail["To"], mail["Subject"]) == ("alice@example.com", "“Refund an order” is ready")
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert html
    address = f"https://train.example.com/trainings/{making.id}/"
    assert address in text.get_content()
    assert f'href="{address}"' in html.get_content()


def test_one_that_failed_says_what_it_needs_in_the_language_of_its_maker(
    making: Training, alice: User, post: Post
) -> None:
    User.objects.filter(pk=alice.pk).update(language="de")
    ended(making, failed=True)
    run_due_jobs()
    (mail,) = post.mails
    assert mail["Subject"] == "„Refund an order“ braucht Sie"


def test_nobody_is_told_while_a_part_is_still_open_nor_what_they_cancelled(making: Training, post: Post) -> None:
    notices.consider(making.jobs.get(job_type="mux_upload").pk)
    making.jobs.update(status="cancelled", cancel_requested_at=timezone.now(), completed_at=timezone.now())
    notices.consider(making.jobs.get(job_type="mux_upload").pk)
    assert not BackgroundJob.objects.filter(job_type="notice").exists()


def test_the_mail_is_enqueued_exactly_if_the_end_is_committed(making: Training, post: Post) -> None:
    with transaction.atomic():
        ended(making)
        assert BackgroundJob.objects.filter(job_type="notice").exists()
        transaction.set_rollback(True)
    assert not BackgroundJob.objects.filter(job_type="notice").exists()
    assert Training.objects.get().told == ""


def test_who_wants_no_mail_gets_none(making: Training, alice: User, post: Post) -> None:
    User.objects.filter(pk=alice.pk).update(wants_mail=False)
    ended(making)
    assert not BackgroundJob.objects.filter(job_type="notice").exists()


def test_without_a_mail_server_no_job_is_made(making: Training, settings: Settings) -> None:
    settings.EMAIL_URL = ""
    ended(making)
    assert not BackgroundJob.objects.filter(job_type="notice").exists()
    assert not django_mail.outbox


def test_a_server_that_is_busy_is_tried_again_and_one_that_refuses_is_not(alice: User, post: Post) -> None:
    ready = ready_training(alice)
    notices.consider(ready.jobs.get(job_type="mux_upload").pk)
    post.answer = "451 busy"
    (job,) = run_due_jobs()
    assert (job.status, job.retry_count) == ("pending", 1)
    assert job.error_data
    assert job.error_data["code"] == "mail_server"
