"""A browser, and the installation it looks at: the true web server and workers on the test's database.

Everything is committed for real, because another process reads it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from pytest_django.fixtures import Settings

from tests.trainings import real_server
from tests.trainings.real_server import RealServer
from tests.waiting import until
from trainai.accounts.models import User

ARGUMENTS = [
    *("--no-sandbox", "--autoplay-policy=no-user-gesture-required"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MILLISECONDS = 60_000
GRACE_SECONDS = 20

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's browser."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no browser: install Chromium ({' or '.join(NAMES)} on the PATH) to run this test")
    return found


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """One for all of these tests and those below: a second one beside it would not start. It ends with them, because
    its event loop would be in others' way."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the loop is playwright's own
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def browser(chromium: str, playwright: Playwright) -> Iterator[Browser]:
    """One browser for all of these tests."""
    browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def built_pages() -> None:
    """The pages' files as an installation serves them: bundled, then hashed."""
    if not (django_settings.BASE_DIR / "trainai" / "static" / "build" / "app.css").exists():
        pytest.fail("The pages' files are not built: run `make assets`.")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "trainai.settings"}
    argv = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(argv, cwd=django_settings.BASE_DIR, env=environment, check=True)


@pytest.fixture(scope="package")
def server(
    chromium: str, built_pages: None, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealServer]:
    """The web process of these tests."""
    with real_server.running(tmp_path_factory.mktemp("media")) as server:
        yield server


@pytest.fixture
def awake(server: RealServer) -> Iterator[None]:
    """The web process stands still while the tables are emptied, whatever its pages still asked for."""
    yield
    server.go_on()


@pytest.fixture
def live_site(server: RealServer, awake: None, transactional_db: None, settings: Settings) -> Iterator[RealServer]:
    """The running installation, empty but for what the test makes."""
    settings.MEDIA_ROOT = server.media_root
    yield server
    until(lambda: stands_still(server), "the web process holds no lock: emptying the tables would meet it")


def stands_still(server: RealServer) -> bool:
    """Stop the web process; return whether that was between two transactions. If not it goes on."""
    server.stand_still()
    if nobody_writes():
        return True
    server.go_on()
    return False


def nobody_writes() -> bool:
    """Return whether no other session of the test's database is in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND xact_start IS NOT NULL)"
        )
        return bool(cursor.fetchone()[0])


@pytest.fixture
def workers(live_site: RealServer) -> Iterator[None]:
    """Workers that do what is due."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "trainai.settings",
        "DATABASE_URL": real_server.database_url(),
        "MEDIA_ROOT": str(live_site.media_root),
    }
    argv = [sys.executable, "manage.py", "qcluster"]
    cluster = subprocess.Popen(argv, cwd=django_settings.BASE_DIR, env=environment, start_new_session=True)
    yield
    cluster.terminate()
    try:
        cluster.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(cluster.pid, signal.SIGKILL)
        cluster.wait()


@pytest.fixture
def visit(browser: Browser, live_site: RealServer) -> Iterator[Visit]:
    """Open a page as somebody: `visit(alice, "/trainings/new/", width=390)`. Nothing may go wrong in any of them: no
    error in a script, nothing that the content policy had to stop."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(user: User | None, path: str, *, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_site.url, viewport={"width": width, "height": 900}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        if user:
            context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_site.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


def session_of(user: User) -> str:
    """Log somebody in; return the session's key."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@pytest.fixture
def video_file(tmp_path: Path) -> Callable[..., Path]:
    """Make a file of so many bytes that a page takes for a video."""

    def make(name: str = "refund.mp4", size: int = 4096) -> Path:
        path = tmp_path / name
        path.write_bytes(os.urandom(size))
        return path

    return make
