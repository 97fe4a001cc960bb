"""Makes scripted recordings: `python -m bench.recordings.make [NAME ...]`, or `--minutes N` for a long one."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from bench.recordings import long, places
from bench.recordings.camera import RATE, film
from bench.recordings.plan import lay
from bench.recordings.reel import develop
from bench.recordings.script import read_script
from bench.recordings.sound import read_clip, write_track
from bench.recordings.stage import stage
from bench.recordings.truth import truth_of
from bench.recordings.voice import VOICE, narrate


def main(argv: list[str] | None = None) -> int:
    """Make what is named; without a name, whatever of the four on demand is missing or older than its script."""
    parser = argparse.ArgumentParser(prog="bench.recordings.make", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(places.NAMES))
    parser.add_argument("--minutes", type=int, help="make a recording this long out of the others, by repetition")
    options = parser.parse_args(argv)
    if unknown := sorted(set(options.names) - set(places.NAMES)):
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(places.NAMES)}")
    for name in options.names or [name for name in places.NAMES if not places.is_fresh(name)]:
        print(make(name))
    if options.minutes:
        print(long.make(options.minutes))
    return 0


def make(name: str) -> Path:
    """Narrate, film and join the recording called `name`; its truth lies beside it. Returns the video."""
    script, video = read_script(places.script(name)), places.video(name)
    video.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        clips = [read_clip(path) for path in narrate([line.text for line in script.lines], Path(scratch) / "spoken")]
        plan = lay(script, [clip.seconds for clip in clips])
        narration, unproven = Path(scratch) / "narration.wav", Path(scratch) / "film.mp4"
        starts = [line.start for line in plan.lines]
        write_track(narration, zip(starts, clips, strict=True), duration=plan.duration, rate=clips[0].rate)
        with stage() as scene:
            scene.open(script.page)
            develop(shown(film(scene, plan), name, round(plan.duration * RATE)), narration, unproven, rate=RATE)
        # Only a whole recording takes its place: a test never meets half of one.
        video.write_bytes(unproven.read_bytes())
    places.truth(name).write_text(json.dumps(truth_of(script, plan, VOICE), indent=1) + "\n", encoding="utf-8")
    return video


def shown(frames: Iterator[bytes], name: str, count: int) -> Iterator[bytes]:
    """Show how far the film is, on a terminal only."""
    yield from tqdm(frames, desc=name, total=count, unit="frame", disable=None)


if __name__ == "__main__":
    sys.exit(main())
