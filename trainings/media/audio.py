"""Make the sound of a recording ready for listening."""

from __future__ import annotations

from pathlib import Path

from jobs.errors import PermanentError
from trainings.media import ffmpeg
from trainings.media.probe import probe
from trainings.media.recording import Recording
from trainings.providers import Work

SAMPLE_RATE = 16_000
WAV_HEADER = 128
"""Bytes; a file no longer than this holds no sound."""

MAX_MIXED = 6
"""Sound tracks mixed into one: OBS writes at most six (desktop, microphone, ...), and the voice may be in any."""


def extract_audio(source: Path, target: Path, *, work: Work, on_progress: ffmpeg.Progress | None = None) -> Recording:
    """Write the sound of `source` to `target` as 16 kHz mono WAV, and return what was found in `source`.

    Second 0 of the WAV is second 0 of the recording, also when its sound starts late or has gaps. Several sound
    tracks are mixed. `on_progress` is told 0 to 1. Raises `PermanentError` `no_audio_track`, and what `probe` and
    `ffmpeg.run` raise.
    """
    recording = probe(source, work=work)
    if not recording.audio:
        raise _no_sound()
    ffmpeg.run(
        [
            *ffmpeg.reading(recording),
            *("-filter_complex", mixed(recording), "-map", "[sound]"),
            *("-t", f"{recording.duration:.3f}", "-ac", "1", "-ar", str(SAMPLE_RATE), "-c:a", "pcm_s16le"),
            *("-map_metadata", "-1", "-f", "wav", f"file:{target}"),
        ],
        work=work,
        seconds=recording.duration,
        on_progress=on_progress,
    )
    if target.stat().st_size <= WAV_HEADER:
        raise _no_sound()
    return recording


def mixed(recording: Recording) -> str:
    """Return the filter that makes `[sound]` of the tracks: it starts with the recording and has no gaps."""
    tracks = recording.audio[:MAX_MIXED]
    aligned = [f"[0:{track.index}]aresample=async=1:first_pts=0[track{track.index}]" for track in tracks]
    inputs = "".join(f"[track{track.index}]" for track in tracks)
    return ";".join([*aligned, f"{inputs}amix=inputs={len(tracks)}:duration=longest:normalize=0[sound]"])


def _no_sound() -> PermanentError:
    return PermanentError(
        "no_audio_track",
        "This recording has no sound, and steps need narration. Record it again with the microphone on.",
    )
