"""How the honesty of the time left is counted."""

from __future__ import annotations

from typing import Any

import pytest

from bench import time_left


def line(at: float, least: float | None, most: float | None, what: str = "transcription") -> dict[str, Any]:
    return {"training": "t", "what": what, "at": at, "least": least, "most": most}


def test_a_range_is_judged_by_the_true_end() -> None:
    lines = [line(0, None, None), line(10, 5, 15), line(20, 2, 4), line(25, 10, 30), line(40, 1, 2)]
    part = time_left.figures(lines, {"t": {"transcription": 20.0, "mux_upload": 30.0}})["transcription"]
    assert part["looks"] == 3  # what was looked at after the end is left out
    assert part["shown"] == pytest.approx(2 / 3)
    assert (part["inside"], part["early"], part["late"]) == (0.5, 0.5, 0.0)


def test_the_whole_ends_with_its_last_part() -> None:
    lines = [line(0, 25, 35, "whole"), line(0, 15, 25, "whole")]
    part = time_left.figures(lines, {"t": {"transcription": 20.0, "mux_upload": 30.0}})["whole"]
    assert (part["inside"], part["late"]) == (0.5, 0.5)
    assert (part["width_seconds"], part["left_seconds"]) == (10, 30)
