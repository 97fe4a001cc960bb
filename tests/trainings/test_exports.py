"""Captions that fit a screen, and files in which spoken words stay words."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trainings.making import words
from trainings import exports
from trainings.captions import MAX_SECONDS, Cue, cues
from trainings.exports import _md
from trainings.models import Chapter, Segment

SPEECH = (
    "First open the till menu in the upper corner, and choose refund. Then type the number of the order that the "
    "customer shows you, and press enter. Wait until the receipt is printed."
)


def segment(text: str, start: float = 0.0, end: float = 10.0, *, timed: bool = True) -> Segment:
    return Segment(position=0, start=start, end=end, text=text, words=words(text, start, end) if timed else [])


def joined(made: list[Cue]) -> str:
    return " ".join(cue.text.replace("\n", " ") for cue in made)


@pytest.mark.parametrize("timed", [True, False])
def test_captions_have_at_most_two_lines_of_42_characters_and_lose_no_word(timed: bool) -> None:
    made = list(cues([segment(SPEECH, timed=timed)]))
    assert joined(made) == SPEECH
    assert len(made) > 2
    for cue in made:
        assert len(cue.text.split("\n")) <= 2
        assert max(len(line) for line in cue.text.split("\n")) <= 42
        assert cue.end - cue.start <= MAX_SECONDS + 0.001


def test_captions_follow_the_word_times_and_never_overlap() -> None:
    made = list(cues([segment(SPEECH, 10.0, 20.0), segment("And then stop.", 19.5, 21.0)]))
    assert made[0].start == 10.0
    for before, after in pairwise(made):
        assert before.start < before.end <= after.start


def test_a_pause_ends_a_caption() -> None:
    said = segment("Wait for it done", 0, 4)
    said.words[3]["start"], said.words[3]["end"] = 8.0, 8.5
    assert [cue.text for cue in cues([said])] == ["Wait for it", "done"]


def test_words_without_spaces_between_them_stay_together() -> None:
    text = "\u8fd4\u91d1\u3092\u9078\u3073\u307e\u3059"
    said = Segment(position=0, start=0, end=3, text=text)
    said.words = [{"start": at, "end": at + 1, "text": char, "probability": 1} for at, char in enumerate(text)]
    assert joined(list(cues([said]))).replace(" ", "") == text


def test_a_word_longer_than_a_line_is_cut() -> None:
    made = list(cues([segment("x" * 200)]))
    assert "".join(cue.text.replace("\n", "") for cue in made) == "x" * 200
    assert all(len(line) <= 42 for cue in made for line in cue.text.split("\n"))


@given(
    texts=st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=150), max_size=6),
    timed=st.booleans(),
)
def test_whatever_is_said_the_files_keep_their_form(texts: list[str], timed: bool) -> None:
    said = [
        segment(text, at * 3.0, at * 3.0 + 3.0, timed=timed and bool(text.split())) for at, text in enumerate(texts)
    ]
    blocks = exports.vtt(said).rstrip("\n").split("\n\n")
    assert blocks[0] == "WEBVTT"
    previous_end = ""
    for number, block in enumerate(blocks[1:], start=1):
        head, timing, *lines = block.split("\n")
        assert head == str(number)
        match = re.fullmatch(r"(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})", timing)
        assert match
        assert previous_end <= match[1] < match[2]
        previous_end = match[2]
        assert 1 <= len(lines) <= 2
        assert not any("<" in line or ">" in line for line in lines)


def test_signs_that_mean_something_to_webvtt_are_escaped() -> None:
    made = exports.vtt([segment("a <b> & --> c", 0, 3)])
    assert "a &lt;b&gt; &amp; --&gt; c" in made
    assert exports.srt([segment("x --> y", 0, 3)]).count("-->") == 1


def test_srt_counts_and_uses_commas() -> None:
    made = exports.srt([segment("One.", 0.5, 1.25), segment("Two.", 3661.0, 3662.0)])
    assert made == "1\n00:00:00,500 --> 00:00:01,250\nOne.\n\n2\n01:01:01,000 --> 01:01:02,000\nTwo.\n"


def test_each_chapter_lasts_until_the_next_begins() -> None:
    chapters = [
        Chapter(title="Log in", start=0, end=8),
        Chapter(title="A & B\n-->", start=10, end=20),
    ]
    assert exports.chapters_vtt(chapters) == (
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:10.000\nLog in\n\n2\n00:00:10.000 --> 00:00:20.000\nA &amp; B --&gt;\n"
    )
    assert exports.chapters_vtt([]) == "WEBVTT\n"


@pytest.mark.parametrize(
    "spoken",
    [
        "# not a heading",
        "- not a list",
        "1. not a list",
        "12) not a list",
        "> no quote",
        "<script>alert(1)</script>",
        "![x](javascript:alert(1))",
        "a *b* _c_ `d` ~~e~~ [f](g) | h",
        "&amp; stays",
        "back\\slash",
        "=== no line",
        "+ plus",
        "two\n\nparagraphs",
        "$x$",
    ],
)
def test_spoken_words_mean_nothing_to_markdown(spoken: str) -> None:
    markdown_it: Any = pytest.importorskip("markdown_it")
    tokens = markdown_it.MarkdownIt().enable(["table", "strikethrough"]).parse(_md(spoken))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    inside = tokens[1].children
    assert {token.type for token in inside} <= {"text", "text_special"}
    assert "".join(token.content for token in inside) == " ".join(spoken.split())
