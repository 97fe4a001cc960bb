from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.trainai.installation import Installation


@pytest.fixture
def installation() -> Iterator[Installation]:
    """A folder where nothing was ever started."""
    with _folder() as var_dir:
        (var_dir / "sample_made").touch()  # the sample has tests of its own
        yield Installation(var_dir)


@pytest.fixture(scope="module")
def stopped_installation() -> Iterator[Installation]:
    """An installation that was started and stopped once."""
    with _folder() as var_dir:
        (var_dir / "sample_made").touch()
        installation = Installation(var_dir)
        up = installation.up()
        up.wait_for("Ready in")
        up.send(signal.SIGTERM)
        yield installation


@pytest.fixture
def second_start(stopped_installation: Installation) -> Iterator[Installation]:
    """A copy of an installation that was started and stopped once: the start takes seconds."""
    with _folder() as var_dir:
        subprocess.run(["cp", "-a", f"{stopped_installation.var_dir}/.", var_dir], check=True)
        yield Installation(var_dir)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder of its own. Whatever a failed test leaves running in it is ended."""
    var_dir = Path(tempfile.mkdtemp(prefix="trainai-up-"))
    try:
        yield var_dir
    finally:
        for process in Installation(var_dir).processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        shutil.rmtree(var_dir, ignore_errors=True)
