"""What the product needs, said at the start in one sentence each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from trainings import whisper_weights


@register()
def whisper_model(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """`WHISPER_MODEL` names a model, or a folder with one."""
    model: str = settings.WHISPER_MODEL
    if settings.TRANSCRIBER != "whisper" or model in whisper_weights.MODELS:
        return []
    complaint = whisper_weights.complaint_about(Path(model).expanduser())
    return [Error(complaint, id="trainings.E001")] if complaint else []
