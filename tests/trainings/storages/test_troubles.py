"""A bucket that is missing, closed, read-only, slow or broken: each a clear state, and nothing is lost."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from pytest_django.fixtures import Settings

from jobs import registry
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.fakes.s3 import Gate
from tests.trainings.plain_work import PlainWork
from tests.trainings.storages.conftest import use
from tests.trainings.tus_client import TusClient
from trainai.accounts.models import User
from trainings import files
from trainings.media_links import media_url
from trainings.models import Training, Upload
from trainings.storages import media_storage

pytestmark = pytest.mark.django_db
CONTENT = os.urandom(20_000)

WRONG = {
    "a missing bucket": ({"AWS_STORAGE_BUCKET_NAME": "nowhere"}, "storage_missing"),
    "an unknown key": ({"AWS_ACCESS_KEY_ID": "SOMEBODYELSE"}, "storage_refused"),
    "a wrong secret": ({"AWS_SECRET_ACCESS_KEY": "a guess"}, "storage_refused"),
    "an address where nobody is": ({"AWS_S3_ENDPOINT_URL": "http://127.0.0.1:9"}, "storage_unreachable"),
}


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pipeline's first job reads the recording and no more; the others do nothing."""

    def read(context: Any) -> dict[str, Any]:
        return {"bytes": files.local(context.job.training.upload.name, context).stat().st_size}

    for job_type in ("transcription", "mux_upload", "sop_generation", "step_pictures"):
        run = read if job_type == "transcription" else lambda context: {}
        monkeypatch.setitem(registry._handlers, job_type, registry.Handler(job_type, run, job_type))


def transcription() -> BackgroundJob:
    return BackgroundJob.objects.get(job_type="transcription")


def code_of_check() -> str:
    """What `manage.py check` says of the storage."""
    with pytest.raises(SystemCheckError) as failure:
        call_command("check", stdout=io.StringIO(), stderr=io.StringIO())
    return str(failure.value)


@pytest.mark.parametrize(("other", "code"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_setting_is_said_everywhere_and_once_mended_the_work_goes_on(
    gate: Gate,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    reading: None,
    other: dict[str, str],
    code: str,
) -> None:
    use(gate, settings, monkeypatch, AWS_LOCATION="mended")
    tus = TusClient(alice)
    tus.send(CONTENT)
    half = tus.start(len(CONTENT))
    tus.patch(half, CONTENT[:10_000], 0)

    use(gate, settings, monkeypatch, AWS_LOCATION="mended", **other)
    assert code in code_of_check()
    answer = tus.patch(half, CONTENT[10_000:], 10_000)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, code)
    run_due_jobs()
    waiting = transcription()
    assert (waiting.status, waiting.retry_count) == ("pending", 0)
    assert waiting.error_data is not None
    assert waiting.error_data["code"] == code

    use(gate, settings, monkeypatch, AWS_LOCATION="mended")
    call_command("check", stdout=io.StringIO())
    assert tus.patch(half, CONTENT[10_000:], 10_000).headers["Upload-Training"]
    run_due_jobs(ignore_backoff=True)
    done = list(BackgroundJob.objects.filter(job_type="transcription"))
    assert [(job.status, job.output_data) for job in done] == [("completed", {"bytes": len(CONTENT)})] * 2


def test_a_bucket_that_only_reads_is_told_and_what_it_has_can_be_watched(
    bucket: Gate, alice: User, client: Client
) -> None:
    training = ready_training_in_bucket(alice)
    bucket.read_only = True
    assert "storage_forbidden" in code_of_check()
    refused = TusClient(alice).create(10)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "storage_forbidden")
    client.force_login(alice)
    assert client.get(media_url(training, "video-1/segments.mp4")).status_code == 200


def test_a_bucket_that_hangs_is_given_up_after_its_timeout(
    gate: Gate, settings: Settings, monkeypatch: pytest.MonkeyPatch, alice: User
) -> None:
    use(gate, settings, monkeypatch, AWS_S3_TIMEOUT="1")
    gate.hanging.clear()
    refused = TusClient(alice).create(10)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "storage_unreachable")


def test_a_bucket_that_is_slow_and_alive_is_waited_for(
    gate: Gate, settings: Settings, monkeypatch: pytest.MonkeyPatch, alice: User, tmp_path: Path
) -> None:
    use(gate, settings, monkeypatch, AWS_S3_TIMEOUT="1")
    training = ready_training_in_bucket(alice)
    gate.slow = True
    assert files.local(f"{training.folder}/video-1/segments.mp4", PlainWork(tmp_path)).read_bytes() == CONTENT


def test_keys_whose_time_is_over_are_told_and_with_new_ones_the_work_goes_on(
    bucket: Gate, alice: User, reading: None
) -> None:
    tus = TusClient(alice)
    tus.send(CONTENT)
    bucket.expired = True
    assert "storage_refused" in code_of_check()
    refused = tus.create(10)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "storage_refused")
    run_due_jobs()
    waiting = transcription()
    assert (waiting.status, waiting.retry_count) == ("pending", 0)
    assert waiting.error_data
    assert waiting.error_data["code"] == "storage_refused"
    bucket.expired = False
    run_due_jobs(ignore_backoff=True)
    assert transcription().output_data == {"bytes": len(CONTENT)}


def test_a_bucket_that_is_overrun_is_asked_again_later(bucket: Gate, alice: User, client: Client) -> None:
    training = ready_training_in_bucket(alice)
    bucket.failing = True
    refused = TusClient(alice).create(10)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "storage_failing")
    assert refused.headers["Retry-After"]
    client.force_login(alice)
    assert client.get(media_url(training, "video-1/segments.mp4")).status_code == 503


def test_an_answer_that_breaks_off_is_fetched_to_its_end(bucket: Gate, alice: User, tmp_path: Path) -> None:
    training = ready_training_in_bucket(alice)
    bucket.broken_after = 6_000
    assert files.local(f"{training.folder}/video-1/segments.mp4", PlainWork(tmp_path)).read_bytes() == CONTENT


def test_a_range_is_passed_on_and_a_leaked_link_stops(
    bucket: Gate, alice: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = ready_training_in_bucket(alice)
    url = media_url(training, "video-1/segments.mp4", signed=True)
    part = client.get(url, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == CONTENT[100:200]  # type: ignore[attr-defined]
    assert any(line.startswith("GET") for line in bucket.requests)
    later = time.time() + 601
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert client.get(url).status_code == 404


def test_a_stranger_finds_nothing_in_the_bucket(bucket: Gate, alice: User, charlie: User, client: Client) -> None:
    training = ready_training_in_bucket(alice)
    client.force_login(charlie)
    bucket.requests.clear()
    assert client.get(media_url(training, "video-1/segments.mp4")).status_code == 404
    assert bucket.requests == []


def ready_training_in_bucket(user: User) -> Training:
    """A training with one file of its video."""
    assert user.company
    upload = Upload.objects.create(
        company=user.company,
        user=user,
        size=1,
        offset=1,
        expires_at="2026-01-01T00:00Z",
        finished_at="2026-01-01T00:00Z",
    )
    training = Training.objects.create(company=upload.company, user=user, upload=upload, title="Refund")
    name = f"{training.folder}/video-1/segments.mp4"
    storage: Any = media_storage()
    storage.client.put_object(**storage.place(name), Body=CONTENT)
    return training
