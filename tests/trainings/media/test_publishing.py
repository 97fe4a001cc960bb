"""The video of a training is published whole or not at all, and the one before it goes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from jobs.errors import PermanentError, TemporaryError
from tests.trainings.media.conftest import MakeTraining
from tests.trainings.plain_context import PlainContext
from trainings import files
from trainings.handlers.mux_upload import mux_upload
from trainings.models import Training, Video
from trainings.providers import PublishedVideo, video_host

pytestmark = pytest.mark.django_db


def folders(training: Training) -> list[str]:
    return files.folders(f"trainings/{training.pk}")


def test_a_published_video_has_stream_poster_and_size(
    make_training: MakeTraining, scratch: Path, media_root: Path
) -> None:
    training = make_training("good")
    context = PlainContext(training, "mux_upload", scratch)
    output = mux_upload(context)
    video = Video.objects.get(training=training)
    assert (video.host, video.width, video.height) == ("hls", 640, 360)
    assert video.duration == pytest.approx(3, abs=0.1)
    assert output["playback"] == video.playback
    assert (media_root / video.playback).read_text().startswith("#EXTM3U")
    assert (media_root / video.poster).read_bytes()[8:12] == b"WEBP"
    training.refresh_from_db()
    assert training.duration == video.duration
    assert context.reports == sorted(context.reports)


def test_sound_alone_is_published_without_a_poster(make_training: MakeTraining, scratch: Path) -> None:
    training = make_training("without_picture")
    mux_upload(PlainContext(training, "mux_upload", scratch))
    video = Video.objects.get(training=training)
    assert (video.width, video.height, video.poster) == (0, 0, "")


def test_publishing_again_deletes_the_video_before(make_training: MakeTraining, tmp_path: Path) -> None:
    training = make_training("good")
    playbacks = []
    for attempt in ("first", "second"):
        (tmp_path / attempt).mkdir()
        mux_upload(PlainContext(training, "mux_upload", tmp_path / attempt))
        playbacks.append(Video.objects.get(training=training).playback)
    assert playbacks[0] != playbacks[1]
    assert folders(training) == [os.path.dirname(playbacks[1])]  # noqa: PTH120 - a storage name, not a path


def test_what_a_killed_attempt_left_is_gone_after_the_next(
    make_training: MakeTraining, scratch: Path, media_root: Path
) -> None:
    training = make_training("good")
    for left in ("video-0123", ".video-4567.89.part"):
        folder = media_root / "trainings" / str(training.pk) / left
        folder.mkdir(parents=True)
        (folder / "segments.mp4").write_bytes(b"half")
    mux_upload(PlainContext(training, "mux_upload", scratch))
    assert len(folders(training)) == 1


def test_a_retry_after_the_upload_does_not_publish_again(make_training: MakeTraining, scratch: Path) -> None:
    training = make_training("good")
    context = PlainContext(training, "mux_upload", scratch)
    output = mux_upload(context)
    Video.objects.all().delete()  # as if the worker had died before it wrote the row
    assert mux_upload(context) == output
    assert Video.objects.get(training=training).playback == output["playback"]


@pytest.mark.parametrize("kind", ["empty", "text", "cut_in_the_middle", "huge_picture", "too_short"])
def test_a_bad_recording_publishes_nothing(make_training: MakeTraining, scratch: Path, kind: str) -> None:
    training = make_training(kind)
    with pytest.raises(PermanentError):
        mux_upload(PlainContext(training, "mux_upload", scratch))
    assert folders(training) == []
    assert not Video.objects.exists()


def test_a_recording_that_is_gone_says_so(make_training: MakeTraining, scratch: Path) -> None:
    training = make_training("good")
    files.delete(training.upload.name)
    with pytest.raises(PermanentError) as failure:
        mux_upload(PlainContext(training, "mux_upload", scratch))
    assert failure.value.code == "missing_file"


def test_deleting_a_published_video_twice_is_no_error(make_training: MakeTraining, scratch: Path) -> None:
    training = make_training("good")
    mux_upload(PlainContext(training, "mux_upload", scratch))
    row = Video.objects.get(training=training)
    published = PublishedVideo(row.host, row.playback, row.poster, row.width, row.height, row.duration)
    for _ in range(2):
        video_host().delete(published)
        assert folders(training) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 KB, which only root may mount."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("full", ["scratch", "storage"])
def test_a_disk_that_fills_up_leaves_nothing_half_stored(
    make_training: MakeTraining, small_disk: Path, scratch: Path, settings: Settings, full: str
) -> None:
    training = make_training("detailed")
    recording = files.local(training.upload.name, PlainContext(training, "mux_upload", scratch))
    if full == "storage":
        settings.MEDIA_ROOT = small_disk
        (small_disk / "uploads" / str(training.upload.pk)).mkdir(parents=True)
        (small_disk / training.upload.name).symlink_to(recording)
    with pytest.raises(TemporaryError) as failure:
        mux_upload(PlainContext(training, "mux_upload", small_disk if full == "scratch" else scratch))
    assert failure.value.code == "disk_full"
    assert folders(training) == []
    assert not Video.objects.exists()
