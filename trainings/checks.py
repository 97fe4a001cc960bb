"""What the product needs, said at the start in one sentence each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from trainings import whisper_weights
from trainings.paid import prices

INSTALLATION = "installation"
"""The tag of what depends on this machine and its settings, not on our code: `up` looks at that alone."""


@register(INSTALLATION)
def whisper_model(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """`WHISPER_MODEL` names a model, or a folder with one."""
    model: str = settings.WHISPER_MODEL
    if settings.TRANSCRIBER != "whisper" or model in whisper_weights.MODELS:
        return []
    complaint = whisper_weights.complaint_about(Path(model).expanduser())
    return [Error(complaint, id="trainings.E001")] if complaint else []


@register(INSTALLATION)
def model_prices(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """`OPENAI_PRICES` can be read, and a limit is no promise for a model whose price nobody knows."""
    used = {
        settings.OPENAI_TRANSCRIPTION_MODEL: settings.TRANSCRIBER == "openai",
        settings.OPENAI_SOP_MODEL: settings.SOP_WRITER == "openai",
    }
    try:
        unknown = [model for model, is_used in used.items() if is_used and prices.price_of(model) is None]
    except prices.BadPrice as error:
        hint = "Write name=0.006/min for speech and name=0.1:0.5 for text, separated by commas."
        return [Error(f"OPENAI_PRICES has {str(error)!r}, which is no price.", hint=hint, id="trainings.E002")]
    if not unknown:
        return []
    message = f"Nobody knows the price of {' and '.join(unknown)}."
    hint = f"Add OPENAI_PRICES={unknown[0]}=..., in US dollars; 0:0 when it costs nothing."
    limited = settings.DAILY_LIMIT_CENTS or settings.JOB_LIMIT_CENTS
    kind = Error if limited else Warning
    return [kind(message, hint=hint, id="trainings.E003" if limited else "trainings.W003")]
