"""What the desk hides of inputs, outputs and errors, however it is named, written and nested."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.admin import masking

SECRET = "Zq9wXv7Lr3"
LAST = ("token", "secret", "password", "passwd", "pwd", "apiKey", "key", "authorization", "credentials", "signature")
BEFORE = ("access", "client", "upload", "x", "openai", "private", "aws", "refresh", "mux")


def camel(words: list[str]) -> str:
    return words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:])


STYLES = (
    camel,
    lambda words: camel(["", *words]),
    "_".join,
    "-".join,
    ".".join,
    lambda words: "_".join(words).upper(),
    lambda words: "-".join(word.title() for word in words),
)
NAMES = st.builds(
    lambda before, last, style: style([*before, last]),
    st.lists(st.sampled_from(BEFORE), max_size=2),
    st.sampled_from((*LAST, "tokens", "passwords")),
    st.sampled_from(STYLES),
)


def around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    harmless = st.sampled_from(("request", "items", "retries", "options"))
    return (
        st.dictionaries(harmless, inner, min_size=1, max_size=2)
        | st.lists(inner, min_size=1, max_size=2)
        | inner.map(json.dumps)
    )


KEPT = st.recursive(
    st.builds(lambda name, value: {name: value}, NAMES, st.sampled_from((SECRET, [SECRET], {"is": SECRET}))),
    around,
    max_leaves=4,
)


@given(KEPT)
@example({"accessToken": SECRET})
@example({"headers": [{"name": "X-Api-Key", "value": SECRET}]})
@example({"accesstoken": SECRET, "password_hash": SECRET})
def test_a_secret_is_hidden_however_it_is_named_and_nested(shown: object) -> None:
    assert SECRET not in masking.pretty(shown)


@given(NAMES, st.sampled_from((json.dumps, repr)), st.integers(0, 3))
def test_a_secret_is_hidden_in_what_a_traceback_quotes(name: str, write: Any, times: int) -> None:
    said = write({"model": "gpt", name: f'{SECRET} "and" more', "a": 1})
    for _ in range(times):
        said = json.dumps({"body": said})
    told = masking.text(f"HTTP 401: the body was {said}")
    assert SECRET not in told
    assert "gpt" in told


@pytest.mark.parametrize(
    ("shown", "secret"),
    [
        ({"OPENAI_API_KEY": "x1"}, "x1"),
        ({"headers": [{"Authorization": "y2"}]}, "y2"),
        ({"url": "https://cdn.example/a.m3u8?token=z3&a=1"}, "z3"),
        ({"dsn": "postgresql://me:hunter2@db/x"}, "hunter2"),
        ({"text": "password=swordfish"}, "swordfish"),
        ({"text": "refused: {'apiKeys': ['swordfish'], 'a': 1}"}, "swordfish"),
        ({"text": "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"}, "MIIEvQ"),
    ],
)
def test_secrets_are_hidden(shown: object, secret: str) -> None:
    assert secret not in masking.pretty(shown)


def test_what_is_no_secret_stays() -> None:
    shown = {
        "key_points": ["Say hello"],
        "keyPoints": ["Say hello"],
        "language": "en",
        "tokens_used": 204,
        "inputTokens": 204,
        "tokens": 3,
        "monkey": "a",
        "secretary": "Ana",
        "name": "refund.mp4",
        "value": "7",
        "said": 'She said: "monkey": "a"',
        "token": None,
    }
    assert masking.hide(shown) == shown
