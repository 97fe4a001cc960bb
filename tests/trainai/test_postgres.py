"""The embedded server with real processes: shared, stopped by the last user, killed in every way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.processes import wait_ended
from tests.trainai.installation import REPOSITORY
from tests.waiting import PATIENCE_SECONDS
from trainai import postgres
from trainai.postgres import locks

pytestmark = pytest.mark.chaos
READY = "ready to accept connections"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose server was started and stopped once."""
    var_dir = Path(tempfile.mkdtemp(prefix="trainai-postgres-"))
    postgres.acquire(var_dir)
    postgres.release(var_dir)
    yield var_dir
    shutil.rmtree(var_dir)


@pytest.fixture
def var_dir(made: Path) -> Iterator[Path]:
    yield made
    postgres.release(made)
    assert wait_ended(working_in(made)) == []


def working_in(var_dir: Path) -> list[psutil.Process]:
    """Return the processes of the server in this folder."""
    found = []
    for process in psutil.process_iter(["cwd"]):
        if (process.info["cwd"] or "").startswith(str(var_dir)):
            found.append(process)
    return found


def postmaster(var_dir: Path) -> psutil.Process:
    return psutil.Process(int((var_dir / "postgres" / "data" / "postmaster.pid").read_text().split()[0]))


def another_user(var_dir: Path) -> subprocess.Popen[str]:
    """Start a process that uses the server until its standard input is closed."""
    code = "import sys; from pathlib import Path; from trainai import postgres;"
    code += "postgres.acquire(Path(sys.argv[1])); print('using', flush=True); sys.stdin.read()"
    pipe = subprocess.PIPE
    user = subprocess.Popen(
        [sys.executable, "-c", code, var_dir],
        cwd=REPOSITORY,
        stdin=pipe,
        stdout=pipe,
        text=True,
        start_new_session=True,
    )
    assert user.stdout
    assert user.stdout.readline() == "using\n"
    return user


def test_only_the_password_lets_one_in_and_only_as_an_ordinary_role(var_dir: Path) -> None:
    server = postgres.acquire(var_dir)
    with psycopg.connect(server.url) as connection:
        row = connection.execute(
            "SELECT rolsuper, current_setting('data_checksums'), current_setting('fsync') FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, "on", "on")
    for wrong in (server.url.replace(server.password, "wrong"), server.url.replace("trainai:", "postgres:")):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(wrong)
    assert (var_dir / "postgres" / "password").stat().st_mode & 0o777 == 0o600


def test_text_is_sorted_and_folded_as_utf8(var_dir: Path) -> None:
    with psycopg.connect(postgres.acquire(var_dir).url) as connection:
        assert connection.execute("SELECT upper('é'), length('é'), 'Z' < 'a'").fetchone() == ("É", 1, True)


def test_two_processes_share_one_server_and_the_last_one_stops_it(var_dir: Path) -> None:
    ours = postgres.acquire(var_dir)
    user = another_user(var_dir)
    assert len([process for process in working_in(var_dir) if process.name() == "postgres"]) >= 1
    before = postmaster(var_dir)
    assert postgres.release(var_dir) is False
    assert postmaster(var_dir) == before
    with psycopg.connect(ours.url):
        pass
    user.communicate()
    assert wait_ended([before]) == []


def test_a_user_that_is_killed_counts_no_more(var_dir: Path) -> None:
    user = another_user(var_dir)
    server = postmaster(var_dir)
    user.kill()
    user.communicate()
    assert wait_ended([server]) == []
    assert not (var_dir / "postgres" / "data" / "postmaster.pid").exists()


def test_a_killed_keeper_takes_the_server_down_cleanly_and_the_next_one_starts_it_again(var_dir: Path) -> None:
    with psycopg.connect(postgres.acquire(var_dir).url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    server = postmaster(var_dir)
    keeper = server.parent()
    assert keeper
    keeper.kill()
    assert wait_ended([keeper]) == []
    # Who comes at once finds the old server still stopping, and waits for it.
    with psycopg.connect(postgres.acquire(var_dir).url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    assert wait_ended([server], seconds=0) == []
    log = (var_dir / "postgres" / "log").read_text()
    assert "received fast shutdown request" in log
    assert "database system was not properly shut down" not in log


def test_a_killed_server_is_started_again_with_every_committed_row(var_dir: Path) -> None:
    with psycopg.connect(postgres.acquire(var_dir).url) as connection:
        connection.execute("CREATE TABLE committed AS SELECT 8 AS number")
    server = postmaster(var_dir)
    keeper = server.parent()
    starts = (var_dir / "postgres" / "log").read_text().count(READY)
    server.kill()
    wait_for_log(var_dir, READY, times=starts + 1)
    with psycopg.connect(postgres.acquire(var_dir).url) as connection:
        assert connection.execute("SELECT number FROM committed").fetchone() == (8,)
    assert postmaster(var_dir).parent() == keeper


def wait_for_log(var_dir: Path, words: str, *, times: int) -> None:
    """Return when the server's log has these words so often."""
    log = var_dir / "postgres" / "log"
    command = ["timeout", str(PATIENCE_SECONDS), "tail", "--lines=+1", "--follow", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tail:
        assert tail.stdout
        for line in tail.stdout:
            times -= words in line
            if not times:
                tail.terminate()
                return
    raise AssertionError(f"{words!r} was not logged")


def test_a_lock_file_with_the_number_of_a_stranger_is_no_obstacle(var_dir: Path) -> None:
    stale = var_dir / "postgres" / "data" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n/proc/self/cwd\n1\n5432\n\n127.0.0.1\n  1  1\nready\n")
    with psycopg.connect(postgres.acquire(var_dir).url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_who_comes_while_the_server_is_stopping_waits_and_gets_a_new_one(var_dir: Path) -> None:
    postgres.acquire(var_dir)
    first = postmaster(var_dir)
    first.parent().send_signal(signal.SIGTERM)  # type: ignore[union-attr]
    assert wait_ended([first]) == []
    with psycopg.connect(postgres.acquire(var_dir).url):
        assert postmaster(var_dir) != first


def test_a_start_that_fails_says_why_in_one_sentence(var_dir: Path) -> None:
    version = var_dir / "postgres" / "data" / "PG_VERSION"
    right = version.read_text()
    version.write_text("9\n")
    try:
        with pytest.raises(postgres.ServerUnavailable, match="does not start: database files are incompatible"):
            postgres.acquire(var_dir)
    finally:
        version.write_text(right)
        postgres.release(var_dir)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_the_data_may_lie_under_a_folder_that_only_root_may_enter() -> None:
    with tempfile.TemporaryDirectory(prefix="trainai-closed-") as closed:
        assert Path(closed).stat().st_mode & 0o777 == 0o700
        var_dir = Path(closed) / "var"
        with psycopg.connect(postgres.acquire(var_dir).url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert postmaster(var_dir).uids().real != 0
        assert postgres.release(var_dir)
        assert Path(closed).stat().st_mode & 0o777 == 0o700


def test_a_lock_ends_with_the_process_that_held_it(tmp_path: Path) -> None:
    held = locks.exclusive(tmp_path / "lock")
    assert locks.try_exclusive(tmp_path / "lock") is None
    assert locks.try_shared(tmp_path / "lock") is None
    held.release()
    first, second = locks.try_shared(tmp_path / "lock"), locks.try_shared(tmp_path / "lock")
    assert first
    assert second
    assert locks.try_exclusive(tmp_path / "lock") is None
