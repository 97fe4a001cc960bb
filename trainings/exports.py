"""A training as files: captions, chapters, and the procedure as Markdown. Whatever was said stays text in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from trainings.captions import cues
from trainings.models import Chapter, Segment, Sop, Step

_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>&#|~!$])")
_MARKDOWN_START = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))")


def vtt(segments: Iterable[Segment]) -> str:
    """Return the captions as WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format")."""
    blocks = ["WEBVTT"]
    for number, cue in enumerate(cues(segments), start=1):
        blocks.append(f"{number}\n{_timing(cue.start, cue.end)}\n{_vtt_text(cue.text)}")
    return "\n\n".join(blocks) + "\n"


def srt(segments: Iterable[Segment]) -> str:
    """Return the captions as SubRip. The format knows no escapes: an arrow would read as a time line."""
    blocks = []
    for number, cue in enumerate(cues(segments), start=1):
        timing = _timing(cue.start, cue.end).replace(".", ",")
        blocks.append(f"{number}\n{timing}\n{cue.text.replace('-->', '->')}\n")
    return "\n".join(blocks)


def chapters_vtt(chapters: Iterable[Chapter]) -> str:
    """Return the chapters as WebVTT; each lasts until the next begins, so that the player always names one."""
    ordered = list(chapters)
    ends = [following.start for following in ordered[1:]] + [chapter.end for chapter in ordered[-1:]]
    blocks = ["WEBVTT"]
    for number, (chapter, end) in enumerate(zip(ordered, ends, strict=True), start=1):
        blocks.append(f"{number}\n{_timing(chapter.start, end)}\n{_vtt_text(_one_line(chapter.title))}")
    return "\n\n".join(blocks) + "\n"


def markdown(title: str, sop: Sop, *, picture_url: Callable[[Step], str]) -> str:
    """Return the procedure as CommonMark, every spoken word escaped. `picture_url` says where a picture is shown."""
    blocks = [f"# {_md(title)}"]
    for chapter in sop.chapters.all():
        blocks.append(f"## {_md(chapter.title)}")
        for step in chapter.steps.all():
            blocks += _step_blocks(step, picture_url)
    points = sop.key_points.all()
    if points:
        blocks.append("## Key points")
        blocks.append("\n".join(f"- {_md(point.text)} ({clock(point.start)})" for point in points))
    return "\n\n".join(blocks) + "\n"


def clock(seconds: float) -> str:
    """Return a moment as people write it: 0:12, 6:31, 1:02:03."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def _step_blocks(step: Step, picture_url: Callable[[Step], str]) -> list[str]:
    blocks = [f"### {step.position + 1}. {_md(step.title)}", f"_{clock(step.start)} to {clock(step.end)}_"]
    if step.picture:
        blocks.append(f"![{_md(step.picture_alt)}](<{picture_url(step)}>)")
    if step.body:
        blocks.append(_md(step.body))
    blocks += [f"> **Caution:** {_md(caution)}" for caution in step.cautions]
    blocks += [f"> **Condition:** {_md(condition)}" for condition in step.conditions]
    return blocks


def _md(text: str) -> str:
    """One line of text in which no sign means anything to Markdown or HTML."""
    return _MARKDOWN_START.sub(_escape_start, _MARKDOWN_SIGNS.sub(r"\\\1", _one_line(text)))


def _escape_start(match: re.Match[str]) -> str:
    space, sign = match.groups()
    # "1." begins a list by its dot, "-" by itself.
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def _timing(start: float, end: float) -> str:
    return f"{_timestamp(start)} --> {_timestamp(max(end, start + 0.001))}"


def _timestamp(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{rest // 1000:02}.{rest % 1000:03}"


def _vtt_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _one_line(text: str) -> str:
    return " ".join(text.split())
