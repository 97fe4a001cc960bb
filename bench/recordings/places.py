"""Where scripts are read and recordings are kept."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "trainings" / "sample"
MADE = ROOT / "var" / "recordings"
NAMES = ("sample", "talkative", "silent", "windows", "labels")
"""The sample is shipped; the others are made on demand."""


def script(name: str) -> Path:
    return SAMPLE / "script.json" if name == "sample" else Path(__file__).parent / "scripts" / f"{name}.json"


def folder(name: str) -> Path:
    return SAMPLE if name == "sample" else MADE / name


def video(name: str) -> Path:
    return folder(name) / f"{name}.mp4"


def truth(name: str) -> Path:
    return folder(name) / "truth.json"


def is_fresh(name: str) -> bool:
    """Say whether the recording is there and no older than its script. The sample is whatever was shipped."""
    if not truth(name).exists() or not video(name).exists():
        return False
    return name == "sample" or truth(name).stat().st_mtime >= script(name).stat().st_mtime
