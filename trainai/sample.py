"""The recording that ships with TrainAI and becomes the first training of a local installation."""

from __future__ import annotations

import sys
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from trainai.accounts.first_login import COMPANY
from trainai.child import Child
from trainings.models import Training

RECORDING = settings.BASE_DIR / "trainings" / "sample" / "sample.mp4"


def child() -> Child | None:
    """Return the process that makes the training and shows its progress; None when there is nothing to do."""
    if settings.DATABASE_URL or _record().exists() or not RECORDING.exists():
        return None
    if "create_training" not in get_commands():
        return None
    if Training.objects.exists():
        remember()  # an earlier start was interrupted: the workers finish what it began
        return None
    argv = [sys.executable, "manage.py", "create_training", str(RECORDING), "--company", COMPANY]
    return Child("sample", argv, once=True)


def remember() -> None:
    """Note that the sample was made, so that one a person deletes stays deleted."""
    _record().touch()


def _record() -> Path:
    return Path(settings.VAR_DIR / "sample_made")
