"""What the machine must have: each lack is named with its mend."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import LazySettings

from trainai import checks
from trainai.postgres import ServerUnavailable, binaries


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_complete_machine_has_nothing_to_mend(settings: LazySettings) -> None:
    settings.DATABASE_URL = ""
    assert checks.check_ffmpeg(None) == []
    assert checks.check_postgresql(None) == []
    assert [message for message in checks.check_folders(None) if message.id != "trainai.W002"] == []


def test_a_folder_that_cannot_be_written_to_is_named(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "not yet made"
    monkeypatch.setattr(os, "access", lambda folder, mode: folder != tmp_path)
    assert [(found.id, found.msg) for found in checks.check_folders(None)] == [
        ("trainai.E001", f"{tmp_path} cannot be written to.")
    ]


def test_a_disk_that_is_nearly_full_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10 * 2**30, 9 * 2**30, 2**30))
    assert [found.id for found in checks.check_folders(None)] == ["trainai.W002"]


def test_a_missing_ffmpeg_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise RuntimeError

    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", none)
    assert [found.id for found in checks.check_ffmpeg(None)] == ["trainai.E003"]


def test_a_missing_server_matters_only_without_a_database_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    def none() -> Path:
        raise ServerUnavailable

    monkeypatch.setattr(binaries, "wheel", none)
    settings.DATABASE_URL = ""
    assert [found.id for found in checks.check_postgresql(None)] == ["trainai.E004"]
    settings.DATABASE_URL = "postgresql://somewhere/else"
    assert checks.check_postgresql(None) == []


def test_pages_that_are_not_built_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(checks, "BUILT", tmp_path / "build")
    monkeypatch.setattr(checks, "SOURCES", tmp_path / "package.json")
    assert checks.check_assets(None) == []
    (tmp_path / "package.json").touch()
    assert [found.id for found in checks.check_assets(None)] == ["trainai.W005"]
    (tmp_path / "build").mkdir()
    assert checks.check_assets(None) == []
