"""Of some files nothing can ever be made: they go, and the page still says why."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from jobs import queue, registry
from jobs.errors import PermanentError
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.trainings.tus_client import TusClient
from trainai.accounts.models import User
from trainings import unusable
from trainings.models import Training, Upload

pytestmark = pytest.mark.django_db(transaction=True)  # bytes go when it is committed that they do


@pytest.fixture
def tus(alice: User, media_root: Path) -> TusClient:
    return TusClient(alice)


def test_a_file_that_is_no_video_leaves_no_file_behind_and_its_page_says_why(tus: TusClient, media_root: Path) -> None:
    training = tus.send(b"hello " * 1000).headers["Upload-Training"]
    run_due_jobs()
    assert not [path for path in media_root.rglob("*") if path.is_file()]
    page = tus.http.get(f"/trainings/{training}/").content.decode()
    assert "This file is not a video." in page
    assert "removed, because nothing can be made of it" in page
    assert "Upload another" in page
    assert "Try again all the same" not in page


def test_who_asks_for_the_upload_after_that_still_finds_its_training(tus: TusClient) -> None:
    address = tus.start(6)
    training = tus.patch(address, b"hello!", 0).headers["Upload-Training"]
    run_due_jobs()
    asked = tus.head(address)
    assert (asked.status_code, asked.headers["Upload-Training"]) == (200, training)


def test_another_try_says_that_the_recording_is_gone(tus: TusClient, alice: User) -> None:
    tus.send(b"hello " * 1000)
    run_due_jobs()
    for job in BackgroundJob.objects.filter(job_type__in=unusable.READERS):
        queue.retry(job.pk, by=alice)
    run_due_jobs()
    codes = {job.job_type: job.error_data["code"] for job in BackgroundJob.objects.all() if job.error_data}
    assert codes["transcription"] == codes["mux_upload"] == "recording_removed"


def test_what_was_recorded_on_our_page_is_kept_because_nobody_else_has_it(tus: TusClient) -> None:
    source = base64.b64encode(b"screen").decode()
    address = tus.start(6, upload_metadata=f"source {source}")
    tus.patch(address, b"hello!", 0)
    run_due_jobs()
    assert Training.objects.get().status == "failed"
    assert Upload.objects.get().path.read_bytes() == b"hello!"


def test_a_file_that_one_reader_can_use_stays(tus: TusClient, monkeypatch: pytest.MonkeyPatch) -> None:
    working = registry.Handler("mux_upload", lambda context: {}, "Video")
    monkeypatch.setitem(registry._handlers, "mux_upload", working)
    tus.send(b"hello " * 1000)
    run_due_jobs()
    assert Upload.objects.get().path.exists()


def test_a_file_stays_when_the_reason_lies_elsewhere(tus: TusClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(context: object) -> dict[str, object]:
        raise PermanentError("bad_key", "The key is refused.")

    for job_type in unusable.READERS:
        handler = registry.Handler(job_type, refused, job_type, ended=unusable.consider)
        monkeypatch.setitem(registry._handlers, job_type, handler)
    tus.send(b"hello " * 1000)
    run_due_jobs()
    assert Upload.objects.get().path.exists()
