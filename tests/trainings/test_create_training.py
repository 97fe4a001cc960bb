"""From a file to a training on the terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django.fixtures import Settings

from tests.trainings.real_server import database_url
from trainai.accounts.models import Company, User
from trainings import creation
from trainings.models import Training, Upload

pytestmark = pytest.mark.django_db
KEYS = {
    *("training", "url", "status", "title", "duration", "language", "transcript"),
    *("chapters", "steps", "key_points", "video", "jobs"),
}


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "../" / tmp_path.name / "refund_an-order.mp4"
    path.write_bytes(b"not really a video" * 1000)
    return path


def run(media_root: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, on the test's database."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "trainai.settings",
        "DATABASE_URL": database_url(),
        "MEDIA_ROOT": str(media_root),
    }
    command = [sys.executable, "manage.py", "create_training", *argv]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("content", "code"), [(b"", "empty_file"), (b"hello " * 1000, "not_a_video")])
def test_a_bad_file_ends_with_a_sentence_a_code_and_a_failure(
    alice: User, media_root: Path, tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "bad.mp4"
    path.write_bytes(content)
    done = run(media_root, str(path), "--json")
    assert done.returncode == 1
    data: dict[str, Any] = json.loads(done.stdout)
    assert set(data) >= KEYS
    assert data["status"] == "failed"
    errors = {job["job_type"]: job["error_data"] for job in data["jobs"]}
    assert errors["transcription"]["code"] == errors["mux_upload"]["code"] == code
    assert errors["transcription"]["message"].endswith(".")
    assert data["training"] == str(Training.objects.get().id)
    assert "Listening: failed: " in done.stderr


def test_a_file_that_is_not_there_is_one_sentence(
    alice: User, media_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("create_training", str(tmp_path / "nothing.mp4"), "--json")
    assert ended.value.code == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["code"] == "file_not_found"
    assert told.err.strip() == f"There is no file called {tmp_path}/nothing.mp4."


@pytest.mark.usefixtures("idle_handlers")
def test_the_file_is_copied_whole_in_the_owners_name(
    alice: User, company: Company, media_root: Path, recording: Path
) -> None:
    told: list[int] = []
    training = creation.from_file(recording, company=company, on_bytes=told.append)
    assert training.upload.path.read_bytes() == recording.read_bytes()
    assert sum(told) == recording.stat().st_size
    assert (training.user, training.title, training.title_is_suggested) == (alice, "Refund an order", True)
    assert training.jobs.count() == 4
    recording.unlink()
    assert training.upload.path.exists()


@pytest.mark.usefixtures("idle_handlers")
def test_a_title_given_stays(alice: User, company: Company, media_root: Path, recording: Path) -> None:
    training = creation.from_file(recording, company=company, title="Refunds")
    assert (training.title, training.title_is_suggested) == ("Refunds", False)


def test_a_file_that_is_too_large_leaves_nothing(
    alice: User, company: Company, media_root: Path, recording: Path, settings: Settings
) -> None:
    settings.MAX_UPLOAD_BYTES = 100
    with pytest.raises(creation.CannotCreate, match="MAX_UPLOAD_BYTES"):
        creation.from_file(recording, company=company)
    assert not Upload.objects.exists()


def test_the_company_is_found_by_name_or_id_or_is_the_first(alice: User, charlie: User, company: Company) -> None:
    assert creation.find_company() == company
    assert creation.find_company("Elsewhere") == charlie.company
    assert creation.find_company(str(company.id)) == company
    with pytest.raises(creation.CannotCreate, match="Give the name or id of one of: Corner shop, Elsewhere"):
        creation.find_company("Nowhere")


def test_without_any_company_it_says_what_to_do(db: None) -> None:
    with pytest.raises(creation.CannotCreate, match="sign up"):
        creation.find_company()


def test_a_company_without_an_owner_says_so(company: Company, media_root: Path, recording: Path) -> None:
    with pytest.raises(creation.CannotCreate, match="no owner"):
        creation.from_file(recording, company=company)
