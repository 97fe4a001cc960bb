"""The camera in a real browser: pages do what their scripts say, in a time of their own."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from bench.recordings import places
from bench.recordings.hand import Hand
from bench.recordings.plan import lay
from bench.recordings.script import read_script
from bench.recordings.stage import Stage, chromium, stage

pytestmark = [pytest.mark.browser, pytest.mark.skipif(chromium() is None, reason="no Chromium was found")]


@pytest.fixture
def scene() -> Iterator[Stage]:
    with stage() as scene:
        yield scene


def pixels(png: bytes) -> NDArray[np.uint8]:
    with av.open(io.BytesIO(png), "r") as file:
        frame = next(file.decode(video=0))
        return np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)


@pytest.mark.parametrize("name", places.NAMES)
def test_a_rehearsal_finds_everything_the_script_touches(scene: Stage, name: str) -> None:
    script = read_script(places.script(name))
    plan = lay(script, [len(line.text) / 17 for line in script.lines])
    scene.open(script.page)
    hand = Hand(scene, plan.moves)
    for tick in range(round(plan.duration * 2)):
        hand.be_at(tick / 2)
        scene.advance(500)
    assert hand.is_done


def test_a_page_stands_still_until_the_camera_moves_its_time(scene: Stage) -> None:
    scene.open("till/index.html")
    scene.page.click("#close")
    assert scene.page.text_content("#work p") == "0 %"
    scene.advance(3500)
    assert scene.page.text_content("#work p") == "50 %"


def test_the_pointer_is_seen_where_the_hand_is(scene: Stage) -> None:
    scene.open("shop/index.html")
    scene.point(950, 650, 0)
    before = pixels(scene.picture())
    scene.point(450, 650, 0)
    after = pixels(scene.picture())
    changed = np.argwhere((before != after).any(axis=2))
    assert {int(column) // 100 for _, column in changed} == {4, 9}
    assert all(640 <= row <= 695 for row, _ in changed)


def test_nothing_is_asked_of_the_network(scene: Stage) -> None:
    scene.open("shop/index.html")
    assert scene.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'answered', () => 'refused')") == "refused"
