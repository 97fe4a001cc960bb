"""Speech to text by OpenAI's transcriptions, or a server that has them too."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from openai import NOT_GIVEN

from trainings import spoken_language
from trainings.models import CompanyTerms
from trainings.paid import account, answers, prices
from trainings.paid.ledger import Usage
from trainings.providers import Transcription, Word
from trainings.providers.openai_ import calls, client, languages
from trainings.providers.openai_.booking import Line, Question, Reply
from trainings.providers.openai_.pieces import Piece, pieces
from trainings.providers.openai_.words import words_of
from trainings.sentences import sentences

TEXT_ONLY = "gpt-"
"""Models of these names return text without times and know the format "json" only
(developers.openai.com/api/docs/guides/speech-to-text). All others are asked for "verbose_json" with word times."""

DIARIZING = "-diarize"
"""Models with this in their names tell speakers apart: they give the time of each turn ("diarized_json"), want to cut
the sound themselves and take no prompt (developers.openai.com/api/reference, "Create transcription")."""

MOST_WORDS = 100
"""Company words sent along: Whisper reads the last 224 tokens of a prompt only (same page, "Prompting")."""


ESTIMATED = " (word times estimated)"


class OpenAITranscriber:
    """Hears a recording with the model that `OPENAI_TRANSCRIPTION_MODEL` names."""

    def __init__(self) -> None:
        self.model: str = settings.OPENAI_TRANSCRIPTION_MODEL
        self.text_only = self.model.startswith(TEXT_ONLY)
        self.whole_clips = not self.text_only or DIARIZING in self.model
        # Said where the transcript is kept, because the times of its words are then estimates.
        self.name = f"openai {self.model}" + (ESTIMATED if self.text_only else "")

    def transcribe(
        self,
        audio: Path,
        *,
        start: float = 0.0,
        language: str = "",
        is_chosen: bool = False,
        heard: Callable[[float], None] | None = None,
    ) -> Transcription:
        """Listen to `audio`, see `trainings.providers.Transcriber`.

        The first piece is heard before this returns, unless the language was found before. Raises what a service can
        fail with: see `errors`.
        """
        chosen = language if is_chosen else ""
        hearing = _Hearing(self.model, self.text_only, start, chosen, heard or (lambda seconds: None))
        upcoming = pieces(audio, hearing.go_on_cutting, whole_clips=self.whole_clips)
        upcoming = itertools.dropwhile(lambda piece: piece.clip.end <= start, upcoming)
        if language and not chosen:
            return Transcription(language, 1.0, sentences(hearing.words(upcoming, language), language=language))
        first, answer = hearing.first(upcoming)
        if first is None:
            return Transcription(chosen, 1.0 if chosen else 0.0, iter(()))
        language = chosen or str(answer["language"])
        if answer.get("estimated") and not self.text_only:  # a server that was asked for words and gave none
            self.name += ESTIMATED
        words = hearing.words(itertools.chain([first], upcoming), language)
        return Transcription(language, 1.0 if language else 0.0, sentences(words, language=language))


class _Over(Exception):
    """Nobody waits for the next piece any more."""


class _Hearing:
    """One listening: what is sent along with each piece, and who wants to know how far it is."""

    def __init__(self, model: str, text_only: bool, start: float, chosen: str, heard: Callable[[float], None]) -> None:
        self.text_only = text_only
        self.start = start
        self.chosen = chosen
        self.heard = heard
        self.client = client.client()
        self.line = Line(model, "transcription", prices.price_of(model))
        self.company_words = company_words()
        self.reached = start
        self.is_over = False

    def go_on_cutting(self, seconds: float) -> None:
        """Cutting runs in another thread, ahead of hearing: it only asks whether that is over."""
        if self.is_over:
            raise _Over

    def first(self, upcoming: Iterator[Piece]) -> tuple[Piece | None, dict[str, Any]]:
        """Hear the first piece, whose language is wanted; its words are stored and not paid again."""
        found = list(self._answers(itertools.islice(upcoming, 1), self.chosen))
        return found[0] if found else (None, {})

    def words(self, upcoming: Iterator[Piece], language: str) -> Iterator[Word]:
        """Yield the words after `start`, on the recording's clock."""
        said_until = 0.0
        for heard, answer in self._answers(upcoming, language):
            piece = heard.clip
            for word in answer["words"]:
                begin, end = piece.place(word["start"], word["end"])
                begin = max(begin, said_until)
                said_until = round(max(end, begin + 0.01), 3)
                if (begin + said_until) / 2 > self.start:
                    yield Word(begin, said_until, word["text"], word["probability"])
            self.reached = max(self.reached, piece.end)
            self.heard(self.reached)

    def _answers(self, upcoming: Iterator[Piece], language: str) -> Iterator[tuple[Piece, dict[str, Any]]]:
        asked: list[Piece] = []

        def questions() -> Iterator[Question]:
            for piece in upcoming:
                asked.append(piece)
                yield self._question(piece, language)

        try:
            for number, answer in enumerate(calls.ask_all(questions(), self.line, tick=self._tick)):
                yield asked[number], answer
        except BaseException:
            self.is_over = True
            raise

    def _tick(self) -> None:
        self.heard(self.reached)

    def _question(self, piece: Piece, language: str) -> Question:
        # Not a language that was found: it comes from the first piece, and must not make that piece a new question. One
        # that a person chose does: what was heard in another language is no answer to it.
        chosen = [self.chosen] if self.chosen else []
        key = answers.key("transcription", self.line.model, self.company_words, piece.digest, *chosen)
        return Question(key, lambda: self._send(piece, language), self.line.price_of(Usage(seconds=piece.seconds)))

    def _send(self, piece: Piece, language: str) -> Reply:
        raw = self.client.audio.transcriptions.with_raw_response.create(
            file=("speech.mp3", piece.mp3(), "audio/mpeg"),
            model=self.line.model,
            **self._options(language),
        )
        body = client.body_of(raw)
        language = language or _language(body) or spoken_language.of(str(body.get("text") or ""))[0]
        words = words_of(body, seconds=piece.seconds, language=language)
        answer = {"language": language, "words": words, "estimated": bool(words) and not body.get("words")}
        return client.reply(raw, answer, _usage(body, piece))

    def _options(self, language: str) -> dict[str, Any]:
        if self.line.model == "gpt-transcribe":  # has lists where the others have a string
            return {
                "response_format": "json",
                "languages": [language] if language else NOT_GIVEN,
                "keywords": self.company_words or NOT_GIVEN,
            }
        if DIARIZING in self.line.model:
            return {
                "response_format": "diarized_json",
                "chunking_strategy": "auto",
                "language": language or NOT_GIVEN,
            }
        prompt = f"Names and terms: {', '.join(self.company_words)}." if self.company_words else NOT_GIVEN
        options: dict[str, Any] = {"language": language or NOT_GIVEN, "prompt": prompt}
        if self.text_only:
            return {**options, "response_format": "json"}
        return {**options, "response_format": "verbose_json", "timestamp_granularities": ["word", "segment"]}


def company_words() -> list[str]:
    """Return the names and terms of the company that pays."""
    company_id = account.current().company_id
    terms = CompanyTerms.objects.filter(company_id=company_id).first() if company_id else None
    text = terms.words.replace("\n", ",") if terms else ""
    return [word.strip() for word in text.split(",") if word.strip()][:MOST_WORDS]


def _language(body: dict[str, Any]) -> str:
    several = body.get("languages")
    if isinstance(several, list) and several:
        first = several[0]
        return languages.code(first.get("code") if isinstance(first, dict) else first)
    return languages.code(body.get("language"))


def _usage(body: dict[str, Any], piece: Piece) -> Usage:
    """Return what the service says it counted, and the seconds that were sent where it says nothing of them."""
    usage = body.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Usage(
        seconds=client.number(usage.get("seconds")) or piece.seconds,
        input_tokens=int(client.number(usage.get("input_tokens"))),
        output_tokens=int(client.number(usage.get("output_tokens"))),
    )
