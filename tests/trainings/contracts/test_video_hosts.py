"""What every video host does, whoever it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from jobs.errors import PermanentError
from tests.fakes.mux import MuxServer
from tests.trainings.media.conftest import MakeTraining
from tests.trainings.plain_context import PlainContext
from trainings import files, removal, video_links
from trainings.handlers.mux_upload import mux_upload
from trainings.models import HostedVideo, Training, Video
from trainings.providers import VideoHost, video_host

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["hls", "mux"])
def host(request: pytest.FixtureRequest, settings: Settings) -> VideoHost:
    """Each of them in turn."""
    if request.param == "mux":
        request.getfixturevalue("mux")
    settings.VIDEO_HOST = request.param
    return video_host()


def published(training: Training, scratch: Path) -> Video:
    mux_upload(PlainContext(training, "mux_upload", scratch))
    return Video.objects.get(training=training)


def test_a_video_is_published_with_its_size_and_poster(
    host: VideoHost, make_training: MakeTraining, scratch: Path, media_root: Path
) -> None:
    video = published(make_training("good"), scratch)
    assert (video.host, video.width, video.height) == (host.name, 640, 360)
    assert video.duration == pytest.approx(3, abs=0.1)
    assert (media_root / video.poster).read_bytes()[8:12] == b"WEBP"
    assert ".m3u8" in video_links.stream_url(video)


def test_sound_alone_has_no_poster(host: VideoHost, make_training: MakeTraining, scratch: Path) -> None:
    video = published(make_training("without_picture"), scratch)
    assert (video.width, video.height, video.poster) == (0, 0, "")


@pytest.mark.parametrize("kind", ["empty", "text", "cut_in_the_middle", "huge_picture", "too_short"])
def test_a_bad_recording_publishes_nothing(
    host: VideoHost, make_training: MakeTraining, scratch: Path, kind: str
) -> None:
    training = make_training(kind)
    with pytest.raises(PermanentError):
        published(training, scratch)
    assert files.folders(training.folder) == []
    assert not Video.objects.exists()


def test_a_retry_after_the_publishing_does_not_publish_again(
    host: VideoHost, make_training: MakeTraining, scratch: Path
) -> None:
    context = PlainContext(make_training("good"), "mux_upload", scratch)
    output = mux_upload(context)
    Video.objects.all().delete()
    assert mux_upload(context) == output


def test_deleting_twice_is_no_error(host: VideoHost, make_training: MakeTraining, scratch: Path) -> None:
    training = make_training("good")
    video = removal.published(published(training, scratch))
    for _ in range(2):
        host.delete(video)
        assert files.folders(training.folder) == []
    assert not HostedVideo.objects.exists()


def test_a_video_moves_to_another_host_and_leaves_nothing_behind(
    host: VideoHost, mux: MuxServer, make_training: MakeTraining, scratch: Path, settings: Settings, tmp_path: Path
) -> None:
    training = make_training("good")
    settings.VIDEO_HOST = host.name
    published(training, scratch)
    settings.VIDEO_HOST = other = "hls" if host.name == "mux" else "mux"
    (tmp_path / "again").mkdir()
    video = published(training, tmp_path / "again")
    assert video.host == other
    assert len(mux.assets) == (1 if other == "mux" else 0)
    assert len(files.folders(training.folder)) == 1
