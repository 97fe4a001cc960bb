"""The best still of a stretch is sharp, at rest and not black, and tells whether the screen changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy.typing as npt
import pytest

from tests.trainings.media.conftest import Recordings
from tests.trainings.plain_work import PlainWork
from trainings.handlers.step_pictures import SEEN_CHANGE
from trainings.media import frames
from trainings.media.frames import Still
from trainings.media.probe import probe


def look(path: Path, work: PlainWork, start: float, end: float) -> Still:
    still = frames.best_still(probe(path, work=work), start, end, work=work)
    assert still is not None
    return still


def picture(path: Path) -> npt.NDArray[Any]:
    with av.open(str(path)) as file:
        return next(file.decode(video=0)).to_ndarray(format="rgb24")


def test_a_still_is_not_taken_in_the_middle_of_a_change(recordings: Recordings, work: PlainWork) -> None:
    assert not 4 <= look(recordings("two_pages"), work, 3.5, 5.6).at <= 5
    assert look(recordings("two_pages"), work, 3.5, 9).at > 5


def test_a_still_lies_within_six_seconds(recordings: Recordings, work: PlainWork) -> None:
    assert 1 <= look(recordings("two_pages"), work, 1, 10).at <= 7


@pytest.mark.parametrize(
    ("start", "what", "seen"),
    [(0.5, "nothing", False), (3, "the pointer", False), (6, "a word", True), (9, "a menu", True)],
)
def test_what_changed_on_the_screen_is_seen_and_the_pointer_is_not(
    recordings: Recordings, work: PlainWork, start: float, what: str, seen: bool
) -> None:
    still = look(recordings("small_changes"), work, start, start + 2)
    assert (still.change >= SEEN_CHANGE) is seen, what


def test_a_screen_at_a_standstill_shows_its_last_frame(recordings: Recordings, work: PlainWork) -> None:
    """The recording has no frame at all between its seconds 1 and 4."""
    assert look(recordings("variable_frame_rate"), work, 2, 3).at == pytest.approx(1, abs=0.1)


def test_a_still_is_written_as_the_frame_that_was_chosen(recordings: Recordings, work: PlainWork) -> None:
    target = work.scratch / "still.webp"
    found = probe(recordings("two_pages"), work=work)
    for at, is_first_page in ((0.0, True), (3.9, True), (5.1, False), (9.9, False)):
        assert frames.write_still(found, at, target, work=work)
        shown = picture(target)
        assert shown.shape == (720, 1280, 3)
        assert bool(shown[300, 50].min() > 200) is is_first_page


def test_a_standing_recording_gives_standing_stills(recordings: Recordings, work: PlainWork) -> None:
    target = work.scratch / "still.webp"
    assert frames.write_still(probe(recordings("upright"), work=work), 1, target, work=work)
    assert picture(target).shape == (640, 360, 3)


def test_a_recording_without_index_is_made_seekable(recordings: Recordings, work: PlainWork) -> None:
    found = frames.seekable(probe(recordings("pages_without_index"), work=work), work=work)
    target = work.scratch / "still.webp"
    for at, is_black in ((2.0, True), (6.0, False)):
        still = frames.best_still(found, at, at + 1, work=work)
        assert still
        assert at <= still.at <= at + 1
        assert frames.write_still(found, still.at, target, work=work)
        assert bool(picture(target)[107, 300].max() < 60) is is_black


def test_a_poster_is_not_black(recordings: Recordings, work: PlainWork) -> None:
    target = work.scratch / "poster.webp"
    assert frames.write_poster(probe(recordings("black_at_first"), work=work), target, work=work)
    assert picture(target).mean() > 100


def test_sound_alone_has_no_still_and_no_poster(recordings: Recordings, work: PlainWork) -> None:
    found = probe(recordings("without_picture"), work=work)
    assert frames.best_still(found, 0, 2, work=work) is None
    assert not frames.write_poster(found, work.scratch / "poster.webp", work=work)
