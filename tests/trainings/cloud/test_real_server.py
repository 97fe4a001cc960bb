"""Writing by a real server of another maker: llama-server with a model that is far too small for it.

`LLAMA_SERVER=http://127.0.0.1:8080/v1` names one that runs, with any model; without it this is skipped. Its protocol is
true and its text is junk: what is measured here is that no junk comes through.
"""

from __future__ import annotations

import contextlib
import os

import pytest
from pytest_django.fixtures import Settings

from jobs.errors import PermanentError
from tests.trainings.narration import spoken
from trainings import draft_check
from trainings.models import ProviderCall
from trainings.providers.extractive import support
from trainings.providers.openai_ import OpenAIWriter, writer

SERVER = os.environ.get("LLAMA_SERVER", "")
pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not SERVER, reason="LLAMA_SERVER names no llama-server")]
SAID = ("Open the till menu.", "Press refund and wait for the receipt.", "Give the receipt to the customer.")


def test_junk_from_a_real_server_is_left_out_and_counted(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL, settings.OPENAI_SOP_MODEL = "none", SERVER, "local"
    monkeypatch.setattr(writer, "MOST_TOKENS", 600)
    said = [spoken(text, 4.0 * place) for place, text in enumerate(SAID)]
    draft = None
    with contextlib.suppress(PermanentError):  # no steps were found in it, or it never came to an end
        draft = OpenAIWriter().write(said, language="en", duration=20)
    if draft:
        draft_check.require_sound(draft, segments=len(said), duration=20)
        for chapter in draft.chapters:
            for step in chapter.steps:
                assert support.supported(step.title, step.evidence, list(SAID)), step
    paid = ProviderCall.objects.filter(state="paid")
    assert paid
    assert all(call.input_tokens and call.output_tokens for call in paid)
