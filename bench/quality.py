"""How good transcript and steps of the scripted recordings are: `python -m bench.quality [--text]`.

Each recording goes through the real transcriber and the real writer; its script says what is true. `bench.matching`
says when a written step counts as a true one. A step is invented when it names no segment, or says a word that its
segments do not carry. `bench.boundaries` says how chapters are counted. `--text` hands the script itself to the writer,
at an even pace: the writer alone, in seconds.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypedDict

import django

from bench import boundaries, matching
from bench.boundaries import Part
from bench.matching import Expected, Written
from bench.recordings import make, places
from bench.recordings.script import Script, read_script
from bench.recordings.truth import Truth, read_truth
from bench.word_errors import word_error_rate
from trainings.providers import SopDraft, SpokenSegment, StepDraft

EVEN_PACE = 0.4
"""Seconds a word, and between two lines, when a script is read without its recording."""


class Figures(TypedDict):
    """One recording. Rates are 0 to 1, times seconds."""

    recording: str
    word_error_rate: float
    recall: float
    precision: float
    order: float
    invented: int
    start_error: float
    steps: int
    titled: bool
    missed: list[str]
    superfluous: list[str]
    chapters: int
    chapter_recall: float
    chapter_precision: float
    window_diff: float
    chapters_named: float


def main(*, text_only: bool = False) -> dict[str, Any]:
    """Measure every scripted recording, print the table and return it for `bench/results.json`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trainai.settings")
    django.setup()
    rows = [_from_text(name) if text_only else _from_recording(name) for name in places.NAMES]
    result = {"recordings": rows, "all": _together(rows)}
    print(table(rows))
    return result


def _from_recording(name: str) -> Figures:
    """Measure a recording; it is made when it is not there."""
    from tests.trainings.plain_work import PlainWork
    from trainings import media, providers

    if not places.is_fresh(name):
        make.make(name)
    truth = read_truth(places.truth(name))
    with tempfile.TemporaryDirectory() as folder:
        audio = Path(folder) / "audio.wav"
        media.extract_audio(places.video(name), audio, work=PlainWork(Path(folder)))
        heard = providers.transcriber().transcribe(audio)
        segments = list(heard.segments)
    return _figures(truth, segments, heard.language)


def _from_text(name: str) -> Figures:
    truth, segments = _read_aloud(read_script(places.script(name)))
    return _figures(truth, segments, "en")


def _figures(truth: Truth, segments: Sequence[SpokenSegment], language: str) -> Figures:
    from trainings import providers

    draft = providers.sop_writer().write(segments, language=language, duration=truth["duration"])
    steps = [step for chapter in draft.chapters for step in chapter.steps]
    score = matching.score(
        [Expected(tuple(step["expect"]), step["start"]) for step in truth["steps"]],
        [Written(step.title, step.start) for step in steps],
        [line["text"] for line in truth["lines"] if line["kind"] in {"condition", "caution"}],
    )
    divided = boundaries.compare(
        [Part(chapter["start"], chapter["title"]) for chapter in truth["chapters"]],
        [Part(chapter.start, chapter.title) for chapter in draft.chapters],
        truth["duration"],
    )
    spoken = " ".join(segment.text for segment in segments)
    return {
        "recording": truth["name"],
        "word_error_rate": word_error_rate(truth["text"], spoken),
        "recall": score.recall,
        "precision": score.precision,
        "order": score.order,
        "invented": sum(is_invented(step, segments) for step in steps),
        "start_error": score.start_error,
        "steps": score.written,
        "titled": _is_titled(draft, truth["title_words"]),
        "missed": list(score.missed),
        "superfluous": list(score.superfluous),
        "chapters": divided.written + 1,
        "chapter_recall": divided.recall,
        "chapter_precision": divided.precision,
        "window_diff": divided.window_diff,
        "chapters_named": divided.named / divided.named_of,
    }


def is_invented(step: StepDraft, segments: Sequence[SpokenSegment]) -> bool:
    """Whether a step says what its segments do not carry."""
    from trainings.providers.extractive import support

    return not support.supported(step.title, step.evidence, [segment.text for segment in segments])


def _is_titled(draft: SopDraft, wanted: Iterable[str]) -> bool:
    return {word for each in wanted for word in matching.words(each)} <= matching.words(draft.title)


def _together(rows: Sequence[Figures]) -> dict[str, float]:
    """The figures of all recordings: means, and the sum of what was invented."""
    return {
        "word_error_rate": statistics.fmean(row["word_error_rate"] for row in rows),
        "recall": statistics.fmean(row["recall"] for row in rows),
        "precision": statistics.fmean(row["precision"] for row in rows),
        "order": statistics.fmean(row["order"] for row in rows),
        "invented": sum(row["invented"] for row in rows),
        "start_error": statistics.median(row["start_error"] for row in rows),
        "chapter_recall": statistics.fmean(row["chapter_recall"] for row in rows),
        "chapter_precision": statistics.fmean(row["chapter_precision"] for row in rows),
        "window_diff": statistics.fmean(row["window_diff"] for row in rows),
        "chapters_named": statistics.fmean(row["chapters_named"] for row in rows),
    }


def table(rows: Sequence[Figures]) -> str:
    """Return the figures as two Markdown tables: steps, then chapters."""
    lines = [
        "| recording | word error rate | step recall | precision | order | invented | start error | steps | title |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    lines += [
        f"| {row['recording']} | {row['word_error_rate']:.1%} | {row['recall']:.2f} | {row['precision']:.2f} "
        f"| {row['order']:.2f} | {row['invented']} | {row['start_error']:.1f} s | {row['steps']} "
        f"| {'right' if row['titled'] else 'other'} |"
        for row in rows
    ]
    lines += [
        "",
        "| recording | chapters | boundary recall | precision | WindowDiff | named alike |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['recording']} | {row['chapters']} | {row['chapter_recall']:.2f} | {row['chapter_precision']:.2f} "
        f"| {row['window_diff']:.2f} | {row['chapters_named']:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)


def _read_aloud(script: Script) -> tuple[Truth, list[SpokenSegment]]:
    """Return a script as if it had been read at an even pace, with its truth."""
    from trainings.providers import Word

    clock, segments, lines, steps, chapters = 0.5, [], [], [], []
    opening = {id(chapter.lines[0]): chapter for chapter in script.chapters}
    for index, line in enumerate(script.lines):
        if chapter := opening.get(id(line)):
            chapters.append({"title": chapter.title, "title_words": list(chapter.title_words), "start": clock})
        start, words = clock, []
        for word in line.text.split():
            words.append(Word(clock, clock + EVEN_PACE, f" {word}", 1.0))
            clock += EVEN_PACE
        segments.append(SpokenSegment(start, clock, line.text, tuple(words)))
        lines.append({"index": index, "kind": line.kind, "text": line.text, "start": start})
        if line.kind == "step":
            steps += [{"expect": list(wordings), "start": start} for wordings in line.expect]
        clock += max(EVEN_PACE, line.pause)
    truth: Any = {
        "name": script.name,
        "title_words": script.title_words,
        "duration": clock,
        "chapters": chapters,
        "lines": lines,
        "steps": steps,
        "text": script.text,
    }
    return truth, segments


if __name__ == "__main__":
    main(text_only="--text" in sys.argv[1:])
