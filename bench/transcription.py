"""Transcription: word errors and speed beside plain faster-whisper in the same run, and memory on a long file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from bench.table import table

ROUNDS = 2
LONG_SECONDS = 2 * 3600.0
EARLY_SECONDS = 600.0
"""Where memory is first looked at: it must not be more at the end."""


def main(*, long_seconds: float = LONG_SECONDS) -> dict[str, Any]:
    """Measure, print a table and return the figures. `long_seconds` 0 leaves the long file out (10 minutes of work)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trainai.settings")
    django.setup()
    figures = compare()
    if long_seconds:
        figures |= memory(long_seconds)
    print(table(["transcription", ""], [[name.replace("_", " "), str(value)] for name, value in figures.items()]))
    return figures


def compare() -> dict[str, Any]:
    """Hear the same file with ours and with plain faster-whisper: same model, threads, beam, words and voice filter."""
    from bench.narrated import narrated
    from bench.word_errors import word_error_rate
    from trainings.providers import whisper_

    spoken = narrated()
    model = whisper_.model()

    def ours() -> str:
        return " ".join(segment.text for segment in whisper_.WhisperTranscriber().transcribe(spoken.audio).segments)

    def plain() -> str:
        options = {"beam_size": whisper_.BEAM, "word_timestamps": True, "vad_filter": True}
        return " ".join(segment.text for segment in model.transcribe(str(spoken.audio), **options)[0])

    runs: dict[str, Callable[[], str]] = {"ours": ours, "plain": plain}
    seconds: dict[str, float] = {}
    processor: dict[str, float] = {}
    figures: dict[str, Any] = {"seconds_of_speech": round(spoken.seconds)}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            started, before = time.perf_counter(), time.process_time()
            heard = run()
            processor[name] = min(time.process_time() - before, processor.get(name, float("inf")))
            seconds[name] = min(time.perf_counter() - started, seconds.get(name, float("inf")))
            figures[f"word_error_rate_{name}"] = round(word_error_rate(spoken.words, heard), 4)
    for name, taken in seconds.items():
        figures[f"times_real_time_{name}"] = round(spoken.seconds / taken, 1)
    figures["speed_beside_plain"] = round(seconds["plain"] / seconds["ours"], 2)
    # Less moved by whatever else the machine does.
    figures["processor_time_beside_plain"] = round(processor["ours"] / processor["plain"], 2)
    return figures


def memory(seconds: float) -> dict[str, Any]:
    """Hear a long file in a process of its own and return its peaks."""
    from bench.narrated import narrated, repeated

    audio = repeated(narrated(), seconds)
    try:
        argv = [sys.executable, "-m", "bench.transcription", "--hear", str(audio)]
        output = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    finally:
        audio.unlink()
    figures: dict[str, Any] = json.loads(output)
    return figures


def hear(audio: Path) -> dict[str, Any]:
    """Hear `audio` and return this process's peak memory early on and at the end, in MB."""
    from trainings import providers

    early = 0

    def heard(seconds: float) -> None:
        nonlocal early
        if not early and seconds >= EARLY_SECONDS:
            early = _peak_memory()

    segments = words = 0
    last = 0.0
    for segment in providers.transcriber().transcribe(audio, heard=heard).segments:
        segments, words, last = segments + 1, words + len(segment.words), segment.end
    return {
        "long_file_seconds": round(last),
        "long_file_words": words,
        "peak_memory_mb_after_10_minutes": early,
        "peak_memory_mb_at_the_end": _peak_memory(),
    }


def _peak_memory() -> int:
    # Not ru_maxrss: a child inherits that from the process that forked it.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["--hear"]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trainai.settings")
        django.setup()
        print(json.dumps(hear(Path(sys.argv[2]))))
    else:
        main(long_seconds=float(sys.argv[1]) if len(sys.argv) > 1 else LONG_SECONDS)
