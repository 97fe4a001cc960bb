"""`manage.py up` with real processes: started, stopped and killed."""

from __future__ import annotations

import signal
import socket

import httpx
import psutil
import pytest

from tests.processes import wait_ended
from tests.trainai.installation import Installation
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.chaos


def count_people(installation: Installation) -> str:
    code = "from trainai.accounts.models import User; print('people:', User.objects.count())"
    return installation.manage("shell", "--no-imports", "-c", code).stdout.strip()


def web_of(installation: Installation) -> psutil.Process:
    return next(process for process in installation.processes() if "trainai.web" in process.cmdline())


def workers_of(installation: Installation) -> list[psutil.Process]:
    """Return the main process of the workers, and everything below it."""
    main = next(process for process in installation.processes() if "qcluster" in process.cmdline())
    return [main, *main.children(recursive=True)]


def test_a_first_start_says_where_it_is_and_who_may_enter(installation: Installation) -> None:
    up = installation.up()
    up.wait_for("Ready in")
    address = up.wait_for("Open").split()[-1]
    assert address == f"http://127.0.0.1:{installation.port}"
    assert httpx.get(f"{address}/healthz", timeout=PATIENCE_SECONDS).status_code == 200
    login = installation.login()
    assert login["email"] in up.wait_for("E-mail")
    assert login["password"] in up.wait_for("Password")
    assert (installation.var_dir / "login.json").stat().st_mode & 0o777 == 0o600
    code = (
        "from django.contrib.auth import authenticate; from django.http import HttpRequest;"
        f"user = authenticate(HttpRequest(), username={login['email']!r}, password={login['password']!r});"
        "print(user.is_staff, user.membership.role)"
    )
    assert installation.manage("shell", "--no-imports", "-c", code).stdout.strip() == "True owner"
    up.send(signal.SIGTERM)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_signal_leaves_no_process(second_start: Installation, number: signal.Signals) -> None:
    up = second_start.up()
    up.wait_for("Ready in")
    assert up.send(number) == 0
    assert "All data is kept" in up.lines[-1]
    assert second_start.processes() == []


def test_a_command_in_another_terminal_knows_the_port_and_nobody_looks_into_the_folder(
    second_start: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_start.var_dir.chmod(0o755)
    up = second_start.up()
    up.wait_for("Ready in")
    assert second_start.var_dir.stat().st_mode & 0o066 == 0
    port, second_start.port = second_start.port, 8000
    code = "from trainai import serving; print(serving.port())"
    assert second_start.manage("shell", "--no-imports", "-c", code).stdout.split() == [str(port)]
    assert up.send(signal.SIGTERM) == 0
    assert second_start.manage("shell", "--no-imports", "-c", code).stdout.split() == ["8000"]


def test_a_folder_of_an_older_version_gets_its_tables_at_the_start(second_start: Installation) -> None:
    second_start.manage("migrate", "trainings", "0001")
    up = second_start.up()
    assert up.wait_for("Preparing the tables")
    up.wait_for("Ready in")
    login = f"http://127.0.0.1:{second_start.port}/accounts/login/"
    assert httpx.get(login, timeout=PATIENCE_SECONDS).status_code == 200
    assert up.send(signal.SIGTERM) == 0


def test_the_next_start_prepares_nothing_again_and_has_all_data(second_start: Installation) -> None:
    login = second_start.login()
    up = second_start.up()
    up.wait_for("Ready in")
    assert not any("Preparing the tables" in line or "Collecting" in line for line in up.lines)
    assert second_start.login() == login
    assert count_people(second_start) == "people: 1"
    up.send(signal.SIGTERM)


def test_a_killed_supervisor_leaves_no_process_and_loses_no_data(second_start: Installation) -> None:
    up = second_start.up()
    up.wait_for("Ready in")
    up.send(signal.SIGKILL)
    assert second_start.wait_until_gone() == []
    assert "database system is shut down" in (second_start.var_dir / "postgres" / "log").read_text()
    assert count_people(second_start) == "people: 1"


def test_a_second_start_on_the_same_folder_is_refused(second_start: Installation) -> None:
    up = second_start.up()
    up.wait_for("Ready in")
    second = second_start.manage("up")
    assert second.returncode == 1
    assert "it already runs from this folder" in second.stderr
    assert len(second.stderr.splitlines()) == 1
    assert up.process.poll() is None
    up.send(signal.SIGTERM)


def test_a_port_in_use_is_refused_with_another_to_take(second_start: Installation) -> None:
    with socket.create_server(("127.0.0.1", second_start.port)):
        refused = second_start.manage("up")
    assert refused.returncode == 1
    assert f"port {second_start.port} is in use" in refused.stderr
    assert f"PORT={second_start.port + 1}" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_web_process_that_dies_is_started_again(second_start: Installation) -> None:
    up = second_start.up()
    up.wait_for("Ready in")
    first = web_of(second_start)
    first.kill()
    assert "web process ended (killed by SIGKILL)" in up.wait_for("web process ended")
    # The port stayed open all the time: this request waits for the new process.
    answer = httpx.get(f"http://127.0.0.1:{second_start.port}/healthz", timeout=PATIENCE_SECONDS)
    assert answer.status_code == 200
    assert web_of(second_start).pid != first.pid
    up.send(signal.SIGTERM)


def test_what_stands_still_is_replaced_and_what_it_started_ends_in_order(second_start: Installation) -> None:
    up = second_start.up()
    up.wait_for("Ready in")
    before = [web_of(second_start), *workers_of(second_start)]
    for process, name in zip(before, ("web", "workers"), strict=False):
        process.suspend()
        up.wait_for(f"{name} process stands still")
    assert wait_ended(before) == []
    answer = httpx.get(f"http://127.0.0.1:{second_start.port}/healthz", timeout=PATIENCE_SECONDS)
    assert answer.status_code == 200
    up.send(signal.SIGTERM)


def test_an_installation_with_a_database_of_its_own_gets_no_login(installation: Installation) -> None:
    from trainai import postgres

    server = postgres.acquire(installation.var_dir / "elsewhere", durable=False)
    up = installation.up(DATABASE_URL=server.url)
    up.wait_for("Ready in")
    up.wait_for("Stop")
    assert not any("Password" in line for line in up.lines)
    assert not (installation.var_dir / "login.json").exists()
    assert up.send(signal.SIGTERM) == 0
    postgres.release(installation.var_dir / "elsewhere")


def test_a_database_that_does_not_answer_is_one_sentence(second_start: Installation) -> None:
    variables = {"DATABASE_URL": f"postgresql://nobody:x@127.0.0.1:{second_start.port + 1}/nothing"}
    up = second_start.up(**variables)
    assert up.end() == 1
    assert "TrainAI cannot start: the database does not answer" in up.lines[-1]
    assert "check DATABASE_URL" in up.lines[-1]
