"""Stop watches count the provider's time and nothing else. The clock of these tests moves by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.timing import watch


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(watch, "time", clock)
    return clock


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[tuple[str, float]]]:
    path = tmp_path / "times"
    monkeypatch.setenv(watch.NOTES, str(path))

    def read() -> list[tuple[str, float]]:
        return [(note["call"], note["seconds"]) for note in map(json.loads, path.read_text().splitlines())]

    return read


def test_progress_reports_do_not_count_as_work(clock: Clock, notes: Callable[[], list[tuple[str, float]]]) -> None:
    def work(*, on_progress: Callable[[float], None]) -> str:
        clock.pass_by(3)
        on_progress(0.5)
        clock.pass_by(4)
        return "done"

    timed = watch.timed("transcription", "work", work)
    assert timed(on_progress=lambda share: clock.pass_by(100)) == "done"
    assert notes() == [("work", 7.0)]


def test_a_tool_inside_a_provider_is_not_counted_twice(
    clock: Clock, notes: Callable[[], list[tuple[str, float]]]
) -> None:
    tool = watch.timed("step_pictures", "tool", lambda: clock.pass_by(2))

    def publish() -> None:
        clock.pass_by(1)
        tool()

    watch.timed("mux_upload", "publish", publish)()
    tool()
    assert notes() == [("publish", 3.0), ("tool", 2.0)]


def test_work_that_fails_is_noted_as_well(clock: Clock, notes: Callable[[], list[tuple[str, float]]]) -> None:
    def fail() -> None:
        clock.pass_by(5)
        raise ValueError("no such file")

    with pytest.raises(ValueError, match="no such file"):
        watch.timed("transcription", "fail", fail)()
    assert notes() == [("fail", 5.0)]


def test_storing_a_segment_does_not_count_as_listening(clock: Clock) -> None:
    def segments() -> Iterator[int]:
        for number in range(3):
            clock.pass_by(2)
            yield number

    listening = watch.Watch()
    for _ in listening.during(segments()):
        clock.pass_by(50)
    assert listening.seconds == 6
