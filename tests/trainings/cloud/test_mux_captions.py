"""The captions go to Mux when both are there, whichever comes second, and Mux can fetch them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from jobs import queue
from jobs.models import BackgroundJob
from jobs.testing import run_due_jobs
from tests.fakes.mux import MuxServer
from tests.trainings.media.conftest import MakeTraining
from trainings import captions_link, handing_over, video_links
from trainings.models import Segment, Training, Transcript, Video

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(mux: MuxServer, make_training: MakeTraining, settings: Settings) -> Training:
    """A training whose video is at Mux, on an installation that Mux can reach."""
    settings.PUBLIC_URL = "https://trainings.example.com"
    training = make_training("good")
    queue.enqueue("mux_upload", user=training.user, company=training.company, training=training)
    run_due_jobs(["mux_upload"])
    assert Video.objects.get().host == "mux"
    return training


def hear(training: Training, text: str = "Open the till menu.", language: str = "en") -> None:
    transcript, _ = Transcript.objects.update_or_create(
        training=training, defaults={"language": language, "completed_at": timezone.now()}
    )
    transcript.segments.all().delete()
    Segment.objects.create(transcript=transcript, position=0, start=0.5, end=2.0, text=text)
    handing_over.consider(training)


def handed_over(mux: MuxServer) -> BackgroundJob:
    """Do what is to be done, Mux having read what it was given."""
    run_due_jobs([handing_over.JOB_TYPE])
    (asset,) = mux.assets.values()
    for track in asset.tracks:
        track["status"] = "ready"
    run_due_jobs([handing_over.JOB_TYPE], ignore_backoff=True)
    return BackgroundJob.objects.filter(job_type=handing_over.JOB_TYPE).latest("created_at")


def test_mux_fetches_the_captions_by_a_signed_address(published: Training, mux: MuxServer) -> None:
    hear(published)
    assert handed_over(mux).output_data == {"handed_over": True}
    (asset,) = mux.assets.values()
    (track,) = asset.tracks
    assert (track["language_code"], track["name"], track["text_type"]) == ("en", "English", "subtitles")
    parts = urlsplit(track["url"])
    assert parts.hostname == "trainings.example.com"
    fetched = Client().get(parts.path)
    assert fetched["Content-Type"].startswith("text/vtt")
    assert "Open the till menu." in fetched.content.decode()


def test_captions_in_a_language_that_nobody_could_tell_are_handed_over_too(published: Training, mux: MuxServer) -> None:
    hear(published, "Okay.", language="")
    assert handed_over(mux).output_data == {"handed_over": True}
    (asset,) = mux.assets.values()
    (track,) = asset.tracks
    assert (track["language_code"], track["name"]) == ("und", "Captions")


def test_a_video_that_comes_second_gets_them_too(
    mux: MuxServer, make_training: MakeTraining, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://trainings.example.com"
    training = make_training("good")
    hear(training)
    assert not BackgroundJob.objects.filter(job_type=handing_over.JOB_TYPE).exists()
    queue.enqueue("mux_upload", user=training.user, company=training.company, training=training)
    run_due_jobs(["mux_upload"])
    assert handed_over(mux).status == "completed"
    assert len(next(iter(mux.assets.values())).tracks) == 1


def test_doing_it_again_changes_nothing_and_other_words_take_their_place(published: Training, mux: MuxServer) -> None:
    hear(published)
    handed_over(mux)
    (asset,) = mux.assets.values()
    (first,) = asset.tracks
    handing_over.consider(published)
    handed_over(mux)
    assert asset.tracks == [first]
    hear(published, "Press refund.")
    handed_over(mux)
    (second,) = asset.tracks
    assert second["id"] != first["id"]


def test_captions_that_mux_cannot_read_are_told_plainly(published: Training, mux: MuxServer) -> None:
    hear(published)
    run_due_jobs([handing_over.JOB_TYPE])
    (asset,) = mux.assets.values()
    asset.tracks[0]["status"] = "errored"
    run_due_jobs([handing_over.JOB_TYPE], ignore_backoff=True)
    job = BackgroundJob.objects.get(job_type=handing_over.JOB_TYPE)
    assert job.status == "failed"
    assert job.error_data
    assert "PUBLIC_URL" in job.error_data["message"]
    assert published.status == "ready", "it is not the training's own"
    assert asset.tracks == []


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://localhost", "http://10.0.0.7", "http://nas.local"]
)
def test_nothing_is_handed_over_where_mux_cannot_fetch_it(
    published: Training, settings: Settings, address: str
) -> None:
    settings.PUBLIC_URL = address
    assert not captions_link.is_reachable()
    hear(published)
    assert not BackgroundJob.objects.filter(job_type=handing_over.JOB_TYPE).exists()


def test_captions_open_by_their_signature_only(published: Training) -> None:
    hear(published)
    path = urlsplit(captions_link.address(published)).path
    assert Client().get(path).status_code == 200
    assert Client().get(path.replace("/captions.vtt", "x/captions.vtt")).status_code == 404
    Training.objects.update(deleted_at=timezone.now())
    assert Client().get(path).status_code == 404


def test_the_page_has_muxs_storyboard_and_our_poster_captions_and_chapters(published: Training, client: Client) -> None:
    hear(published)
    client.force_login(published.user)
    page = client.get(published.get_absolute_url()).content.decode()
    video = Video.objects.get()
    assert f'label="thumbnails" src="https://image.mux.com/{video.playback}/storyboard.vtt"' in page
    assert 'crossorigin="anonymous"' in page
    assert f"/media/{published.pk}/-/" in page
    assert "transcript.vtt" in page
    video.host = "hls"
    assert video_links.storyboard_url(video) == ""
