"""Commands before the first `up`: run as a person would, in a folder where nothing was ever started."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.trainai.installation import Installation

COMMANDS = ["job_stats", "process_jobs", "qcluster"]
"""All commands end in the same place; qcluster looks before it begins."""


def test_a_training_can_be_made_before_the_first_start(installation: Installation, tmp_path: Path) -> None:
    recording = tmp_path / "recording.mp4"
    recording.write_bytes(b"hello " * 1000)
    done = installation.manage("create_training", str(recording), "--json")
    assert "Preparing the tables" in done.stderr
    data = json.loads(done.stdout)
    # Its pipeline ran, here in the foreground, and told what is wrong with this file.
    assert {job["error_data"]["code"] for job in data["jobs"]} == {"not_a_video", "dependency_failed"}
    assert installation.login()["email"] == "owner@trainai.local"
    assert installation.wait_until_gone() == []


def test_every_other_command_says_what_to_do_first(installation: Installation) -> None:
    for command in COMMANDS:
        done = installation.manage(command)
        assert done.returncode == 1, command
        assert done.stderr.splitlines()[-1] == (
            "This cannot be done: the tables of this version are not in the database: "
            "start TrainAI once (`make run`), or run `migrate`."
        ), done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["job_stats", "create_training README.md"])
def test_a_database_that_is_not_there_is_a_sentence(installation: Installation, command: str) -> None:
    done = installation.manage(*command.split(), DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "the database does not answer" in done.stderr.splitlines()[-1]
    assert "check DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
