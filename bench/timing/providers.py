"""The installation's providers with a stop watch each; settings name these in their place."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from bench.timing.watch import Watch, note, timed
from trainings.providers import SopWriter, SpokenSegment, Transcriber, Transcription, VideoHost


class TimedTranscriber:
    """Counts the seconds until the language is known and those in which segments are heard."""

    def __init__(self, inner: Transcriber) -> None:
        self.name = inner.name
        self._inner = inner

    def transcribe(self, *args: Any, **named: Any) -> Transcription:
        watch = Watch()
        if named.get("heard"):
            named["heard"] = watch.not_during(named["heard"])
        heard: Transcription = watch.run(lambda: self._inner.transcribe(*args, **named))
        return dataclasses.replace(heard, segments=_noted(watch, heard.segments))


def _noted(watch: Watch, segments: Iterator[SpokenSegment]) -> Iterator[SpokenSegment]:
    yield from watch.during(segments)
    note("transcription", "transcriber", watch.seconds)


def timed_transcriber() -> Transcriber:
    return TimedTranscriber(_real("transcriber", settings.TRANSCRIBER))


def timed_sop_writer() -> SopWriter:
    writer: Any = _real("sop_writer", settings.SOP_WRITER)
    writer.write = timed("sop_generation", "writer", writer.write)
    result: SopWriter = writer
    return result


def timed_video_host() -> VideoHost:
    host: Any = _real("video_host", settings.VIDEO_HOST)
    host.publish = timed("mux_upload", "video host", host.publish)
    result: VideoHost = host
    return result


def _real(kind: str, name: str) -> Any:
    real: dict[str, str] = vars(import_module(settings.SETTINGS_MODULE))["TIMED_PROVIDERS"][kind]
    return import_string(real[name])()
