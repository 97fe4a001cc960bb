"""What the product's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from jobs import registry

PIPELINE = ("transcription", "mux_upload", "sop_generation", "step_pictures")


@pytest.fixture
def media_root(settings: Settings, tmp_path: Path) -> Path:
    """A folder of the test's own for every file."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def idle_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pipeline's jobs do nothing, successfully: for tests of what stands around them."""
    for job_type in PIPELINE:
        known = registry.Handler(job_type, lambda context: {}, job_type)
        monkeypatch.setitem(registry._handlers, job_type, known)
