"""A training that has its address while its recording is still being made."""

from __future__ import annotations

import base64
import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from jobs.models import BackgroundJob
from tests.trainings.tus_client import TusClient
from trainai.accounts.models import User
from trainings import arriving, sweeping
from trainings.models import Training, Upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root", "idle_handlers")]


@pytest.fixture
def tus(alice: User) -> TusClient:
    return TusClient(alice)


def begin(tus: TusClient) -> str:
    """Begin to send a recording; return the upload's address."""
    pairs = {"filename": "Recording of today.webm", "source": "screen"}
    metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in pairs.items())
    return tus.start(None, upload_metadata=metadata)


def test_a_recording_has_its_training_from_the_first_second(tus: TusClient) -> None:
    address = begin(tus)
    training = Training.objects.get()
    assert (training.title, training.status) == ("Recording of today", "recording")
    assert tus.head(address).headers["Upload-Training"] == str(training.id)
    assert [job.job_type for job in BackgroundJob.objects.all()] == ["transcription"]  # it listens along
    for page in ("/", training.get_absolute_url()):
        assert "It is being recorded." in tus.http.get(page).content.decode()


def test_its_jobs_come_with_the_last_byte_once(tus: TusClient) -> None:
    address = begin(tus)
    tus.patch(address, b"12345", 0)
    for _ in range(2):
        last = tus.patch(address, b"", 5, upload_length="5")
    assert last.headers["Upload-Training"] == str(Training.objects.get().id)
    assert BackgroundJob.objects.count() == 4
    assert Training.objects.get().status == "processing"


def test_marks_travel_with_the_bytes(tus: TusClient) -> None:
    address = begin(tus)
    tus.patch(address, b"12345", 0, upload_marks="61.25,3.5")
    assert Training.objects.get().marks == [3.5, 61.25]
    tus.patch(address, b"6", 5)
    assert Training.objects.get().marks == [3.5, 61.25]
    tus.patch(address, b"", 6, upload_length="6", upload_marks="3.5,61.25,70")
    assert Training.objects.get().marks == [3.5, 61.25, 70.0]


@pytest.mark.parametrize("marks", ["soon", "-1", "nan", "inf", "1,,2", ",".join(map(str, range(501)))])
def test_marks_that_are_no_seconds_are_refused_and_nothing_is_kept(tus: TusClient, marks: str) -> None:
    address = begin(tus)
    assert tus.patch(address, b"12345", 0, upload_marks=marks).status_code == 400
    assert Upload.objects.get().offset == 0


def test_a_recording_given_up_takes_its_training_along(tus: TusClient) -> None:
    address = begin(tus)
    tus.delete(address)
    assert not Training.objects.filter(deleted_at=None).exists()


def test_a_recording_deleted_meanwhile_takes_no_more_bytes_and_starts_no_jobs(tus: TusClient, alice: User) -> None:
    address = begin(tus)
    training = Training.objects.get()
    assert tus.http.delete(f"/api/trainings/{training.id}/").status_code == 204
    tus.patch(address, b"12345", 0, upload_length="5")
    jobs = dict(BackgroundJob.objects.values_list("job_type", "status"))
    assert jobs == {"training_removal": "pending", "transcription": "cancelled"}


def test_what_came_of_a_recording_is_used_when_the_rest_never_comes(tus: TusClient) -> None:
    tus.patch(begin(tus), b"12345", 0)
    Upload.objects.update(expires_at="2020-01-01T00:00Z")
    sweeping.sweep()
    assert Upload.objects.get().is_complete
    assert BackgroundJob.objects.count() == 4


def test_a_recording_that_never_sent_a_byte_leaves_no_training(tus: TusClient, media_root: Path) -> None:
    begin(tus)
    Upload.objects.update(expires_at="2020-01-01T00:00Z")
    sweeping.sweep()
    assert not Training.objects.exists()


def test_a_recording_that_fell_silent_says_where_its_rest_is(tus: TusClient) -> None:
    begin(tus)
    upload = Upload.objects.get()
    later = timezone.now() + datetime.timedelta(minutes=3)
    assert "open “New training” there" in arriving.overview(upload, later).sentence
