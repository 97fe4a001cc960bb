"""What is said and what is done share one clock."""

from __future__ import annotations

import itertools

import pytest

from bench.recordings import places
from bench.recordings.plan import REACH, Plan, lay
from bench.recordings.script import Action, Chapter, Line, Script, read_script


def planned(*lines: Line, seconds: float = 2.0) -> Plan:
    return lay(Script("x", "X", (), "x.html", (Chapter("One", (), lines),)), [seconds] * len(lines))


def test_a_line_waits_for_the_pause_of_the_one_before() -> None:
    plan = planned(Line("talk", "Hello.", pause=8.0), Line("talk", "There."))
    assert plan.lines[1].start == pytest.approx(plan.lines[0].end + 8.0)


def test_an_action_is_done_while_its_word_is_spoken() -> None:
    plan = planned(Line("step", "Please press Save.", actions=(Action("click", "#save", word="Save"),)))
    assert plan.moves[0].at == pytest.approx(plan.lines[0].start + 2.0 * 13 / 18)


def test_the_voice_waits_for_the_hand() -> None:
    slow = Action("type", "a rather long text to type", "#field", at=1.0)
    plan = planned(Line("step", "Type it.", actions=(slow,)), Line("talk", "Done."))
    assert plan.lines[1].start >= plan.moves[0].at + 2.6


def test_the_hand_has_time_to_travel_from_one_thing_to_the_next() -> None:
    plan = planned(Line("step", "Two.", actions=(Action("click", "#a", at=0.5), Action("click", "#b", at=0.6))))
    first, second = plan.moves
    assert second.at >= first.until + REACH


@pytest.mark.parametrize("name", places.NAMES)
def test_every_recording_lasts_one_to_two_minutes_and_nothing_overlaps(name: str) -> None:
    script = read_script(places.script(name))
    plan = lay(script, [len(line.text) / 17 for line in script.lines])  # 17 characters a second is an ordinary pace
    assert 60 <= plan.duration <= 120
    assert all(one.end < other.start for one, other in itertools.pairwise(plan.lines))
    assert all(one.until <= other.at for one, other in itertools.pairwise(plan.moves))
    assert all(move.at >= line.start for line in plan.lines for move in line.moves)
