"""A server that speaks OpenAI's protocol: transcriptions and chat completions with structured outputs.

What it hears comes from `ear`, what it writes from `pen`. Rules and errors follow developers.openai.com/api/docs
(guides speech-to-text, structured-outputs, error-codes).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from tests.fakes.server import FakeServer, Request, Response

KEY = "sk-proj-a-very-secret-key"
MOST_BYTES = 25 * 1024 * 1024
DIARIZING = "gpt-4o-transcribe-diarize"
TURN = 8
"""Words of a turn."""
TEXT_MODELS = ("gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe")


@dataclass
class Heard:
    """What is said in a file: words without punctuation and with times, and the text with it."""

    text: str
    words: list[tuple[str, float, float]]
    seconds: float
    language: str = "english"
    code: str = "en"


Ear = Callable[[bytes], Heard]
Pen = Callable[[list[dict[str, str]], dict[str, Any]], Any]
"""Is given the messages and the schema; returns the object to write, or a string to send as it is."""


def silence(content: bytes) -> Heard:
    """Hear nothing."""
    return Heard("", [], 1.0)


class OpenAIServer(FakeServer):
    """One account with one valid key."""

    def __init__(self, *, ear: Ear = silence, pen: Pen | None = None) -> None:
        super().__init__()
        self.ear = ear
        self.pen = pen
        self.key = KEY
        self.finish_reason = "stop"
        self.refusal: str | None = None
        self.headers: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self.base_url = f"{self.url}/v1"

    @property
    def forms(self) -> list[dict[str, list[str]]]:
        """The fields of every transcription that was asked for, without the file."""
        return [_form(request)[0] for request in self.requests if request.path.endswith("/transcriptions")]

    def respond(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.key}":
            given = request.headers.get("authorization", "").removeprefix("Bearer ")
            return error(401, f"Incorrect API key provided: {given}.", "invalid_request_error", "invalid_api_key")
        if request.path == "/v1/audio/transcriptions":
            response = self._transcribe(request)
        elif request.path == "/v1/chat/completions":
            response = self._complete(request)
        else:
            return error(404, f"Invalid URL ({request.method} {request.path})", "invalid_request_error", None)
        response.headers |= {"x-request-id": f"req_{next(self._numbers)}", **self.headers}
        return response

    def _transcribe(self, request: Request) -> Response:
        form, content = _form(request)
        if len(content) > MOST_BYTES:
            return error(413, "Maximum content size limit (26214400) exceeded", "server_error", None)
        model, wanted = form["model"][0], form.get("response_format", ["json"])[0]
        if model == DIARIZING:
            return self._diarize(form, wanted, content)
        if model not in (*TEXT_MODELS, "whisper-1"):
            return error(404, f"The model `{model}` does not exist", "invalid_request_error", "model_not_found")
        if model in TEXT_MODELS and wanted not in ("json", "text"):
            message = f"response_format '{wanted}' is not compatible with model '{model}'. Use 'json' or 'text'."
            return error(400, message, "invalid_request_error", "unsupported_value", "response_format")
        heard = self.ear(content)
        body: dict[str, Any] = {"text": heard.text, "usage": {"type": "duration", "seconds": round(heard.seconds)}}
        if model == "gpt-transcribe":
            body["languages"] = [{"code": heard.code}] if heard.text else []
        if wanted == "verbose_json":
            body |= {"task": "transcribe", "language": heard.language, "duration": heard.seconds}
            granularities = form.get("timestamp_granularities[]", ["segment"])
            if "word" in granularities:
                body["words"] = [{"word": word, "start": start, "end": end} for word, start, end in heard.words]
            if "segment" in granularities:
                body["segments"] = [_segment(heard)] if heard.words else []
        return Response(body=body)

    def _diarize(self, form: dict[str, list[str]], wanted: str, content: bytes) -> Response:
        if "prompt" in form:
            return error(400, "Prompt is not supported for diarization models.", "invalid_request_error", None)
        heard = self.ear(content)
        if heard.seconds > 30 and "chunking_strategy" not in form:
            return error(400, "chunking_strategy is required for diarization models.", "invalid_request_error", None)
        body: dict[str, Any] = {"text": heard.text, "usage": {"type": "duration", "seconds": round(heard.seconds)}}
        if wanted == "diarized_json":
            body |= {"task": "transcribe", "duration": heard.seconds, "segments": _turns(heard)}
        return Response(body=body)

    def _complete(self, request: Request) -> Response:
        asked = request.json
        form = asked.get("response_format", {}).get("json_schema", {})
        if not form.get("strict") or not _is_strict(form.get("schema", {})):
            complaint = "Invalid schema for response_format: 'additionalProperties' is required to be false."
            return error(400, complaint, "invalid_request_error", None, "response_format")
        assert self.pen
        made = None if self.refusal else self.pen(asked["messages"], form["schema"])
        content = made if isinstance(made, str) or made is None else json.dumps(made)
        message = {"role": "assistant", "content": content, "refusal": self.refusal}
        usage = {"prompt_tokens": len(request.body) // 4, "completion_tokens": len(content or "") // 4}
        return Response(
            body={
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": asked["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": self.finish_reason}],
                "usage": usage | {"total_tokens": sum(usage.values())},
            }
        )


def error(status: int, message: str, kind: str, code: str | None, param: str | None = None) -> Response:
    """An error in the service's form."""
    return Response(status, {"error": {"message": message, "type": kind, "param": param, "code": code}})


def too_many(**headers: str) -> Response:
    """429 with the headers given, `_` for `-`."""
    response = error(429, "Rate limit reached for requests", "requests", "rate_limit_exceeded")
    response.headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return response


USED_UP = error(
    429, "You exceeded your current quota, please check your plan.", "insufficient_quota", "insufficient_quota"
)
OVERLOADED = error(503, "The engine is currently overloaded", "server_error", None)
HTML = Response(200, b"<html><body>Bad gateway, but politely</body></html>", {"Content-Type": "text/html"})


def _form(request: Request) -> tuple[dict[str, list[str]], bytes]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    fields: dict[str, list[str]] = {}
    content = b""
    part: Any
    for part in BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if name == "file":
            content = value
        else:
            fields.setdefault(name, []).append(value.decode())
    return fields, content


def _turns(heard: Heard) -> list[dict[str, Any]]:
    """A turn for every few words, as of two people who interrupt each other."""
    turns = []
    for place in range(0, len(heard.words), TURN):
        words = heard.words[place : place + TURN]
        text = " ".join(word for word, _, _ in words)
        turn = {"id": f"seg_{place}", "type": "transcript.text.segment", "speaker": "AB"[place // TURN % 2]}
        turns.append(turn | {"start": words[0][1], "end": words[-1][2], "text": f" {text}"})
    return turns


def _segment(heard: Heard) -> dict[str, Any]:
    return {
        "id": 0,
        "seek": 0,
        "start": heard.words[0][1],
        "end": heard.words[-1][2],
        "text": f" {heard.text}",
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": -0.2,
        "compression_ratio": 1.2,
        "no_speech_prob": 0.01,
    }


def _is_strict(schema: dict[str, Any]) -> bool:
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        whole = schema.get("additionalProperties") is False and schema.get("required") == list(properties)
        return whole and all(map(_is_strict, properties.values()))
    return _is_strict(schema["items"]) if schema.get("type") == "array" else "type" in schema
