"""What a recording holds is found out, and what cannot become a training is refused with a reason."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from jobs.errors import PermanentError, TemporaryError
from tests.trainings import recordings_factory
from tests.trainings.media.conftest import Recordings
from tests.trainings.plain_work import PlainWork
from trainings import media
from trainings.media.limits import MAX_PIXELS
from trainings.media.probe import EXAMINE


def test_an_ordinary_recording_is_described(recordings: Recordings, work: PlainWork) -> None:
    found = media.probe(recordings("good"), work=work)
    assert found.demuxer == "mov"
    assert found.duration == pytest.approx(3, abs=0.1)
    assert found.video is not None
    assert (found.video.codec, found.video.width, found.video.height) == ("h264", 640, 360)
    assert (found.video.pixel_format, found.video.frame_rate) == ("yuv420p", 25)
    assert [(track.codec, track.channels, track.sample_rate) for track in found.audio] == [("aac", 1, 48000)]


def test_a_browsers_recording_without_duration_is_measured(recordings: Recordings, work: PlainWork) -> None:
    found = media.probe(recordings("mediarecorder"), work=work)
    assert found.demuxer == "matroska"
    assert found.duration == pytest.approx(3, abs=0.1)


def test_a_standing_recording_is_described_as_shown(recordings: Recordings, work: PlainWork) -> None:
    video = media.probe(recordings("upright"), work=work).video
    assert video is not None
    assert (video.width, video.height) == (360, 640)
    assert video.rotation in (90, 270)


def test_every_one_of_twenty_streams_is_seen(recordings: Recordings, work: PlainWork) -> None:
    found = media.probe(recordings("twenty_streams"), work=work)
    assert found.streams == 20
    assert len(found.audio) == 10


def test_bytes_behind_the_end_do_no_harm(recordings: Recordings, work: PlainWork) -> None:
    assert media.probe(recordings("with_something_behind"), work=work).duration == pytest.approx(3, abs=0.1)


def test_a_recording_whose_recorder_died_is_used_as_far_as_it_goes(recordings: Recordings, work: PlainWork) -> None:
    assert 2.9 < media.probe(recordings("torn_fragments"), work=work).duration <= 4.1


def test_three_hours_are_possible(recordings: Recordings, work: PlainWork) -> None:
    assert media.probe(recordings("three_hours"), work=work).duration == pytest.approx(10800, abs=1)


@pytest.mark.parametrize(("kind", "code"), recordings_factory.REFUSED.items())
def test_a_bad_file_is_refused_with_what_to_do(recordings: Recordings, work: PlainWork, kind: str, code: str) -> None:
    with pytest.raises(PermanentError) as refusal:
        media.probe(recordings(kind), work=work)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


def test_a_recording_longer_than_allowed_is_refused(
    recordings: Recordings, work: PlainWork, settings: Settings
) -> None:
    settings.MAX_RECORDING_SECONDS = 3600
    with pytest.raises(PermanentError, match="at most 1 are possible") as refusal:
        media.probe(recordings("three_hours"), work=work)
    assert refusal.value.code == "too_long"


def test_a_huge_picture_takes_little_memory(recordings: Recordings, work: PlainWork) -> None:
    """Decoded, it takes 900 MB; a child that tried would not live under this limit."""
    lines: list[str] = []
    argv = [sys.executable, "-I", str(EXAMINE), str(recordings("huge_picture")), "mov", str(MAX_PIXELS)]
    work.run(argv, on_line=lines.append, memory_limit=300 << 20)
    assert "too_large_picture" in lines[0]


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A server on loopback that must hear nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize("script", ["playlist", "concat_script"])
def test_a_script_called_mp4_opens_no_neighbour_and_no_connection(
    tmp_path: Path, work: PlainWork, recordings: Recordings, listening: socket.socket, script: str
) -> None:
    neighbour = tmp_path / "secret.mp4"
    neighbour.write_bytes(recordings("good").read_bytes())
    write = getattr(recordings_factory, script)
    for names in ("secret.mp4", str(neighbour), f"http://127.0.0.1:{listening.getsockname()[1]}/secret.mp4"):
        upload = tmp_path / "upload.mp4"
        write(upload, names)
        with pytest.raises(PermanentError) as refusal:
            media.probe(upload, work=work)
        assert refusal.value.code == "not_a_video"
    with pytest.raises(BlockingIOError):
        listening.accept()


@pytest.mark.parametrize("name", ["-i.mp4", "http:colon.mp4", 'it\'s "quoted".mp4', "line\nbreak %03d.mp4", "ünï.mp4"])
def test_the_name_of_a_file_is_only_a_name(tmp_path: Path, recordings: Recordings, work: PlainWork, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(recordings("good").read_bytes())
    assert media.probe(path, work=work).duration == pytest.approx(3, abs=0.1)
    media.extract_audio(path, tmp_path / f"{name}.wav", work=work)


def test_a_look_that_the_machine_ended_says_nothing_of_the_recording(tmp_path: Path) -> None:
    class Ended(PlainWork):
        def run(self, argv: Sequence[str], **options: Any) -> str:
            return super().run(["sh", "-c", "kill -9 $$"], **options)

    recording = tmp_path / "recording"
    recording.write_bytes(b"\x1a\x45\xdf\xa3")
    with pytest.raises(TemporaryError) as told:
        media.probe(recording, work=Ended(tmp_path))
    assert told.value.code == "interrupted"
