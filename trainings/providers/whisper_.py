"""Whisper on this machine, by faster-whisper.

Clips of speech are heard in small batches: twice as fast as one after the other, and no more memory for a long
recording than for a short one. A batch takes a few seconds, which bounds how long a cancel waits.
"""

from __future__ import annotations

import functools
import itertools
import os
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from faster_whisper import BatchedInferencePipeline, WhisperModel

from jobs.errors import PermanentError
from trainings import whisper_weights
from trainings.providers import Transcription, Word
from trainings.sentences import sentences
from trainings.speech import RATE, Clip, clips

BEAM = 5
BATCH = 2
"""Clips heard at once. Four are hardly faster on two cores, need 150 MB more and double the wait of a cancel."""

MOST_THREADS = 4
SURE_OF_LANGUAGE = 0.8
CLIPS_FOR_LANGUAGE = 4
SECONDS_FOR_LANGUAGE = 10.0
"""One long enough clip with a sure answer decides; else up to four are asked and their answers weighed."""

# Whisper's own thresholds (Radford et al. 2022, section 4.5).
LEAST_LIKELY = -1.0
MOST_REPETITIVE = 2.4
NO_SPEECH = 0.6
UNLIKELY_SPEECH = -0.6
"""Where the model itself doubts that anybody spoke, less doubt about the words suffices: "You" in silence has -0.7."""


class WhisperTranscriber:
    """Hears a recording with the model that `WHISPER_MODEL` names."""

    def __init__(self) -> None:
        self.name = f"whisper {Path(settings.WHISPER_MODEL).name}"

    def transcribe(
        self,
        audio: Path,
        *,
        start: float = 0.0,
        language: str = "",
        is_chosen: bool = False,
        heard: Callable[[float], None] | None = None,
    ) -> Transcription:
        """Listen to `audio`, see `trainings.providers.Transcriber`. The language is found before this returns."""

        def tell(seconds: float) -> None:
            if heard:
                heard(max(start, seconds))

        ear = _Ear(model(), tell)
        ear.require(language)
        upcoming = clips(audio, tell)
        probability = 1.0
        if not language:
            language, probability, upcoming = ear.find_language(upcoming)
        words = ear.words(upcoming, start=start, language=language)
        return Transcription(language, probability, sentences(words, language=language))


def model() -> WhisperModel:
    """Return the model, loaded once a process: its threads do not survive a fork."""
    return _load(whisper_weights.folder(settings.WHISPER_MODEL), os.getpid())


@functools.cache
def _load(folder: Path, pid: int) -> WhisperModel:
    threads = min(MOST_THREADS, len(os.sched_getaffinity(0)))
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)


class _Ear:
    """One listening: the model, and who wants to know how far it is."""

    def __init__(self, whisper: WhisperModel, tell: Callable[[float], None]) -> None:
        self.whisper = whisper
        self.pipeline = BatchedInferencePipeline(whisper)
        self.tell = tell

    def require(self, language: str) -> None:
        """Raise PermanentError for a language the model does not know: it would be heard as though it were English."""
        if language and language not in self.whisper.supported_languages:
            raise PermanentError(
                "language_not_known",
                "The speech model of this server does not know this language. Choose another one; or whoever runs this "
                "installation names a model that knows it in WHISPER_MODEL.",
                f"{language!r}, WHISPER_MODEL {settings.WHISPER_MODEL}",
            )

    def find_language(self, upcoming: Iterator[Clip]) -> tuple[str, float, Iterator[Clip]]:
        """Return the language, how sure that is, and the clips as though none had been taken.

        Without any speech the language is empty.
        """
        if not self.whisper.model.is_multilingual:
            return "en", 1.0, upcoming
        asked: list[Clip] = []
        weights: defaultdict[str, float] = defaultdict(float)
        for clip in itertools.islice(upcoming, CLIPS_FOR_LANGUAGE):
            asked.append(clip)
            _, _, answers = self.whisper.detect_language(clip.samples)
            for language, probability in answers:
                weights[language] += probability * len(clip.samples)
            seconds = sum(len(clip.samples) for clip in asked) / RATE
            if seconds >= SECONDS_FOR_LANGUAGE and max(weights.values()) >= SURE_OF_LANGUAGE * seconds * RATE:
                break
        if not asked:
            return "", 0.0, iter(())
        best = max(weights, key=lambda language: weights[language])
        total = sum(len(clip.samples) for clip in asked)
        return best, min(1.0, weights[best] / total), itertools.chain(asked, upcoming)

    def words(self, upcoming: Iterable[Clip], *, start: float, language: str) -> Iterator[Word]:
        """Yield the words after `start`. Batches are the same whatever `start` is, and so are their words."""
        said_until = 0.0
        for batch in _batches(upcoming, BATCH):
            if batch[-1].end <= start:
                continue
            for word in self._words_of_batch(batch, language):
                word_start = max(word.start, said_until)
                said_until = round(max(word.end, word_start + 0.01), 3)
                if (word_start + said_until) / 2 > start:
                    yield Word(word_start, said_until, word.text, word.probability)
            self.tell(batch[-1].end)

    def _words_of_batch(self, batch: Sequence[Clip], language: str) -> Iterator[Word]:
        for clip, segments in zip(batch, self._hear(batch, language), strict=True):
            # What comes out repetitive or unlikely is heard again with the model's slow, careful ways.
            careful = any(_is_doubtful(segment) for segment in segments)
            for segment in self._hear_carefully(clip, language) if careful else segments:
                if not _is_invented(segment):
                    for word in segment.words or ():
                        yield Word(*clip.place(word.start, word.end), word.word, float(word.probability))

    def _hear(self, batch: Sequence[Clip], language: str) -> list[list[Any]]:
        """Return each clip's segments, with the times of their words counted from the clip's start."""
        ends = list(itertools.accumulate(len(clip.samples) / RATE for clip in batch))
        starts = [0.0, *ends[:-1]]
        found, _ = self.pipeline.transcribe(
            np.concatenate([clip.samples for clip in batch]),
            language=language,
            beam_size=BEAM,
            word_timestamps=True,
            clip_timestamps=[{"start": start, "end": end} for start, end in zip(starts, ends, strict=True)],
            batch_size=len(batch),
        )
        heard: list[list[Any]] = [[] for _ in batch]
        for segment in found:
            # `seek` is the clip's start in hundredths of a second, rounded down.
            index = bisect_right(starts, segment.seek / 100 + 0.02) - 1
            for word in segment.words or ():
                word.start -= starts[index]
                word.end -= starts[index]
            heard[index].append(segment)
        return heard

    def _hear_carefully(self, clip: Clip, language: str) -> list[Any]:
        found, _ = self.whisper.transcribe(
            clip.samples,
            language=language,
            beam_size=BEAM,
            word_timestamps=True,
            condition_on_previous_text=False,
        )
        return list(found)


def _batches(upcoming: Iterable[Clip], size: int) -> Iterator[list[Clip]]:
    iterator = iter(upcoming)
    while batch := list(itertools.islice(iterator, size)):
        yield batch


def _is_doubtful(segment: Any) -> bool:
    return bool(segment.avg_logprob < LEAST_LIKELY or segment.compression_ratio > MOST_REPETITIVE)


def _is_invented(segment: Any) -> bool:
    if segment.compression_ratio > MOST_REPETITIVE:
        return True
    return bool(segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < UNLIKELY_SPEECH)
