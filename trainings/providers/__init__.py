"""Who does the heavy work: one Protocol per kind, chosen by settings, each provider in its own file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from jobs.context import Work as Work


@dataclass(frozen=True)
class Word:
    """A spoken word: seconds from the recording's start, probability 0 to 1."""

    start: float
    end: float
    text: str
    probability: float


@dataclass(frozen=True)
class SpokenSegment:
    """A stretch of speech: seconds from the recording's start."""

    start: float
    end: float
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Transcription:
    """What a transcriber hears. `segments` is lazy: the work happens while it is iterated."""

    language: str
    language_probability: float
    segments: Iterator[SpokenSegment]


@dataclass(frozen=True)
class StepDraft:
    """One thing to do. `evidence` holds indexes into the segments that were given; never empty."""

    title: str
    start: float
    end: float
    evidence: tuple[int, ...]
    body: str = ""
    cautions: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChapterDraft:
    """A part with one topic and its steps, in order."""

    title: str
    start: float
    end: float
    evidence: tuple[int, ...]
    steps: tuple[StepDraft, ...] = ()


@dataclass(frozen=True)
class KeyPointDraft:
    """Something to remember."""

    text: str
    start: float
    end: float
    evidence: tuple[int, ...]


@dataclass(frozen=True)
class SopDraft:
    """A written procedure, before it is stored."""

    title: str
    chapters: tuple[ChapterDraft, ...]
    key_points: tuple[KeyPointDraft, ...] = ()
    left_out: int = 0
    """How much a model wrote that the narration does not say."""


@dataclass(frozen=True)
class PublishedVideo:
    """Where a published video plays. For `hls`, `playback` and `poster` are storage names."""

    host: str
    playback: str
    poster: str
    width: int
    height: int
    duration: float
    instead_of: str = ""
    """The host that could not take it and was stood in for."""


class Transcriber(Protocol):
    """Turns speech into timed text."""

    name: str

    def transcribe(
        self,
        audio: Path,
        *,
        start: float = 0.0,
        language: str = "",
        is_chosen: bool = False,
        heard: Callable[[float], None] | None = None,
    ) -> Transcription:
        """Listen to a 16 kHz mono WAV file; an empty `language` means: find it.

        `is_chosen`: a person named the language; else it was found in what was heard before. Either is what the
        transcription says then. Raises `PermanentError` `language_not_known` where the model does not know it.

        With `start`, the end of a segment heard before, it goes on with the word after it. `heard` is told every few
        seconds of work, in silences too, how many seconds of the file are done; what it raises ends the listening.
        """


Progress = Callable[[int, float], None]
"""Is told how many steps there are so far and which second of the recording is reached; may raise to interrupt."""


def no_progress(steps: int, second: float) -> None:
    """Nobody is waiting."""


class SopWriter(Protocol):
    """Turns what was said into a procedure. Writes nothing that no segment supports."""

    name: str

    def load(self) -> None:
        """Load what the first writing would wait for. Calling it again, or from several threads, is no error."""

    def write(
        self, segments: Sequence[SpokenSegment], *, language: str, duration: float, progress: Progress = no_progress
    ) -> SopDraft:
        """Write the procedure.

        Raises `PermanentError` with `language_not_supported`, `no_speech` or `no_steps_found`.
        """


class VideoHost(Protocol):
    """Publishes a video for streaming."""

    name: str

    def publish(self, recording: Path, *, folder: str, work: Work) -> PublishedVideo:
        """Publish `recording`; what is stored goes under the storage name `folder`."""

    def delete(self, video: PublishedVideo) -> None:
        """Delete what was published. Deleting twice is no error."""


def transcriber(name: str = "") -> Transcriber:
    """Return the transcriber called `name`, by default the one the settings name."""
    provider: Transcriber = import_string(settings.TRANSCRIBERS[name or settings.TRANSCRIBER])()
    return provider


def sop_writer(name: str = "") -> SopWriter:
    """Return the writer called `name`, by default the one the settings name."""
    provider: SopWriter = import_string(settings.SOP_WRITERS[name or settings.SOP_WRITER])()
    return provider


def video_host(name: str = "") -> VideoHost:
    """Return the video host called `name`, by default the one the settings name."""
    provider: VideoHost = import_string(settings.VIDEO_HOSTS[name or settings.VIDEO_HOST])()
    return provider
