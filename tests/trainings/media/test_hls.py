"""A recording of any kind becomes a stream that every browser plays."""

from __future__ import annotations

import re
from pathlib import Path

import av
import pytest

from jobs.errors import TemporaryError
from tests.trainings.media.conftest import Recordings
from tests.trainings.plain_work import PlainWork
from trainings.media import hls
from trainings.media.probe import probe


def publish(path: Path, work: PlainWork) -> Path:
    folder = work.scratch / "hls"
    folder.mkdir()
    hls.make_hls(probe(path, work=work), folder, work=work)
    return folder


def variants(folder: Path) -> list[str]:
    return re.findall(r"^(\w+)/index.m3u8$", (folder / "master.m3u8").read_text(), re.MULTILINE)


def segment_seconds(folder: Path, variant: str) -> list[float]:
    return [float(s) for s in re.findall(r"#EXTINF:([\d.]+)", (folder / variant / "index.m3u8").read_text())]


def played(folder: Path) -> tuple[list[str], float]:
    """Return the codecs a player of the master playlist gets, and how many seconds it can play."""
    with av.open(str(folder / "master.m3u8")) as stream:
        end = max(float(packet.pts * packet.time_base) for packet in stream.demux() if packet.pts is not None)
        return [s.codec_context.name for s in stream.streams if s.codec_context], end


@pytest.mark.parametrize("kind", ["good", "three_tracks_of_sound"])
def test_a_browsers_codecs_are_copied(recordings: Recordings, work: PlainWork, kind: str) -> None:
    folder = publish(recordings(kind), work)
    assert variants(folder) == ["original"]
    codecs, end = played(folder)
    assert codecs == ["h264", "aac"]
    assert end == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize(
    ("kind", "seconds", "size"),
    [
        ("mediarecorder", 3, "640x360"),
        ("upright", 3, "360x640"),
        ("odd_size", 3, "852x480"),
        ("variable_frame_rate", 5, "640x360"),
        ("twenty_streams", 2, "640x360"),
        ("without_sound", 3, "640x360"),
        ("late_sound", 4, "640x360"),
    ],
)
def test_everything_else_that_shows_pictures_is_played_too(
    recordings: Recordings, work: PlainWork, kind: str, seconds: float, size: str
) -> None:
    folder = publish(recordings(kind), work)
    assert f"RESOLUTION={size}," in (folder / "master.m3u8").read_text()
    codecs, end = played(folder)
    assert codecs == (["h264"] if kind == "without_sound" else ["h264", "aac"])
    assert end == pytest.approx(seconds, abs=0.15)


def test_a_standing_picture_is_turned_for_good(recordings: Recordings, work: PlainWork) -> None:
    folder = publish(recordings("upright"), work)
    with av.open(str(folder / "master.m3u8")) as stream:
        frame = next(stream.decode(video=0))
        assert (frame.width, frame.height, frame.rotation) == (360, 640, 0)


def test_sound_alone_is_played_as_sound(recordings: Recordings, work: PlainWork) -> None:
    folder = publish(recordings("without_picture"), work)
    assert variants(folder) == ["sound"]
    codecs, end = played(folder)
    assert codecs == ["aac"]
    assert end == pytest.approx(3, abs=0.1)


def test_keyframes_too_far_apart_are_set_anew(recordings: Recordings, work: PlainWork) -> None:
    folder = publish(recordings("one_keyframe"), work)
    assert variants(folder) == ["360p"]
    assert max(segment_seconds(folder, "360p")) == pytest.approx(4, abs=0.1)


def test_a_large_picture_gets_a_second_size_cut_at_the_same_moments(recordings: Recordings, work: PlainWork) -> None:
    folder = publish(recordings("large"), work)
    assert variants(folder) == ["1080p", "540p"]
    assert segment_seconds(folder, "1080p") == segment_seconds(folder, "540p")
    master = (folder / "master.m3u8").read_text()
    assert "RESOLUTION=1920x1080" in master
    assert "RESOLUTION=960x540" in master


def test_a_full_disk_is_a_reason_to_try_again(recordings: Recordings, scratch: Path) -> None:
    with pytest.raises(TemporaryError) as failure:
        publish(recordings("good"), PlainWork(scratch, file_limit=50_000))
    assert failure.value.code == "disk_full"
