"""The shipped sample is what its script and its truth say."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from bench.recordings import places
from bench.recordings.script import read_script
from bench.recordings.truth import Truth, read_truth

VIDEO = places.video("sample")


def truth() -> Truth:
    return read_truth(places.truth("sample"))


def loudness(video: Path) -> NDArray[np.float64]:
    """Return the sound's root mean square for each tenth of a second."""
    with av.open(str(video)) as file:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=16_000)
        pieces = [part.to_ndarray()[0] for frame in file.decode(audio=0) for part in resampler.resample(frame)]
    samples = np.concatenate(pieces).astype(np.float64)
    tenths = samples[: len(samples) // 1600 * 1600].reshape(-1, 1600)
    return np.asarray(np.sqrt(np.mean(tenths**2, axis=1)))


def test_the_sample_is_small_enough_for_git_and_plays_in_every_browser() -> None:
    assert VIDEO.stat().st_size < 4_000_000
    with av.open(str(VIDEO)) as file:
        picture, sound = file.streams.video[0], file.streams.audio[0]
        assert (picture.codec_context.name, sound.codec_context.name) == ("h264", "aac")
        assert (picture.width, picture.height) == (1280, 720)
        assert file.duration is not None
        assert 60 <= file.duration / 1_000_000 <= 120


def test_its_truth_was_made_from_its_script() -> None:
    script, known = read_script(places.script("sample")), truth()
    assert [line["text"] for line in known["lines"]] == [line.text for line in script.lines]
    assert [chapter["title"] for chapter in known["chapters"]] == [chapter.title for chapter in script.chapters]
    assert len(known["steps"]) == sum(len(line.expect) for line in script.lines if line.kind == "step")


def test_somebody_speaks_exactly_where_the_truth_says() -> None:
    known, loud = truth(), loudness(VIDEO)
    quiet = np.ones(len(loud), dtype=bool)
    for line in known["lines"]:
        first, last = int(line["start"] * 10), int(line["end"] * 10)
        quiet[max(0, first - 1) : last + 2] = False
        assert loud[first : last + 1].max() > 1000, line["text"]
    assert loud[quiet].max() < 100


def test_chapters_fill_the_whole_sample() -> None:
    chapters = truth()["chapters"]
    assert chapters[0]["start"] == 0
    assert [chapter["end"] for chapter in chapters] == [
        *[chapter["start"] for chapter in chapters[1:]],
        truth()["duration"],
    ]
