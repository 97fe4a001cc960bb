"""Long recordings are the short ones again and again."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from bench.recordings import long, places


def test_a_long_recording_lasts_as_many_minutes_as_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "NAMES", ("sample",))
    monkeypatch.setattr(places, "MADE", tmp_path)
    video = long.make(3)
    with av.open(str(video)) as file:
        assert file.duration is not None
        assert file.duration / 1_000_000 == pytest.approx(180, abs=0.5)
        assert file.streams.video[0].frames == pytest.approx(1800, abs=3)
