"""The best still of a stretch is sharp, at rest and not black, and tells whether the screen changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from jobs.errors import TemporaryError
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


def test_a_still_is_stored_as_the_frame_that_was_chosen(recordings: Recordings, work: PlainWork) -> None:
    for start, is_first_page in ((1, True), (6, False)):
        shown = picture(look(recordings("two_pages"), work, start, start + 2).picture)
        assert shown.shape == (720, 1280, 3)
        assert bool(shown[300, 50].min() > 200) is is_first_page


def test_many_stretches_are_looked_at_in_one_go_and_told_one_by_one(recordings: Recordings, work: PlainWork) -> None:
    """Overlapping, and beyond the end: each gets the still it would get alone."""
    stretches = [(3.0, 5.0), (4.6, 6.5), (12.0, 14.0)]
    path = recordings("two_pages")
    alone = [look(path, work, *stretch).at for stretch in stretches]
    told: list[tuple[int, float]] = []

    def on_still(number: int, still: Still | None) -> None:
        assert still
        assert still.picture.exists()
        told.append((number, still.at))

    work.started.clear()
    frames.take_stills(probe(path, work=work), stretches, work=work, on_still=on_still)
    assert sorted(told) == list(enumerate(alone))
    assert len(work.started) == 2  # one that probes, one that looks


def test_where_looking_fails_the_other_stretches_still_get_theirs(recordings: Recordings, scratch: Path) -> None:
    class Fails(PlainWork):
        def run(self, argv: Sequence[str], **options: Any) -> str:
            fails = str(frames.LOOK) in argv and argv[-1].startswith("2:") and len(argv) > 13
            return super().run([*argv[:-2], "1:now:0:0", argv[-1]] if fails else argv, **options)

    work, told = Fails(scratch), list[tuple[int, bool]]()
    found = probe(recordings("two_pages"), work=work)
    frames.take_stills(
        found, [(0, 1), (2, 3), (6, 7)], work=work, on_still=lambda n, still: told.append((n, bool(still)))
    )
    assert told == [(0, False), (1, True), (2, True)]


def test_a_full_disk_is_a_reason_to_look_again(recordings: Recordings, scratch: Path) -> None:
    work = PlainWork(scratch, file_limit=1000)
    with pytest.raises(TemporaryError) as failure:
        look(recordings("two_pages"), work, 1, 3)
    assert failure.value.code == "disk_full"


def test_a_standing_recording_gives_standing_stills(recordings: Recordings, work: PlainWork) -> None:
    path = recordings("upright")
    shown = picture(look(path, work, 1, 2).picture)
    assert shown.shape == (640, 360, 3)
    with av.open(str(path)) as file:
        lying = next(file.decode(video=0))
        stored = lying.to_ndarray(format="rgb24")
    upright = np.rot90(stored, round(lying.rotation / 90))
    assert np.abs(shown[:40, :40].astype(int).mean(axis=(0, 1)) - upright[:40, :40].mean(axis=(0, 1))).max() < 30


def test_a_recording_without_index_is_made_seekable(recordings: Recordings, work: PlainWork) -> None:
    found = frames.seekable(probe(recordings("pages_without_index"), work=work), work=work)
    for at, is_black in ((2.0, True), (6.0, False)):
        still = frames.best_still(found, at, at + 1, work=work)
        assert still
        assert at <= still.at <= at + 1
        assert bool(picture(still.picture)[53, 150].max() < 60) is is_black


def test_a_poster_is_not_black(recordings: Recordings, work: PlainWork) -> None:
    target = work.scratch / "poster.webp"
    assert frames.write_poster(probe(recordings("black_at_first"), work=work), target, work=work)
    assert picture(target).mean() > 100


def test_sound_alone_has_no_still_and_no_poster(recordings: Recordings, work: PlainWork) -> None:
    found = probe(recordings("without_picture"), work=work)
    assert frames.best_still(found, 0, 2, work=work) is None
    assert not frames.write_poster(found, work.scratch / "poster.webp", work=work)
