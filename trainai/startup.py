"""What must be true before the first process of an installation starts. Each function says what it does."""

from __future__ import annotations

import errno
import os
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from jobs import wire
from trainai import static_files
from trainai.postgres import locks

Say = Callable[[str], None]
MIGRATING = 0x7461626C6573
"""The key of an advisory lock; any number that nobody else uses."""


class CannotStart(Exception):
    """One sentence: what is in the way and what to do."""


def lock_folder() -> locks.Lock:
    """Return the lock that makes this process the only `up` of its folder."""
    try:
        close_folder()
        lock = locks.try_exclusive(settings.VAR_DIR / "up.lock")
    except PermissionError:
        raise CannotStart(f"{settings.VAR_DIR} belongs to another user: run as that user, or remove it.") from None
    if lock is None:
        raise CannotStart(f"it already runs from this folder ({settings.VAR_DIR}): stop that one first.")
    return lock


def close_folder() -> None:
    """Make the folder, for nobody else on this machine to look into, and close an older one that was open.

    The embedded server of root is a user of its own, who must get through to its part.
    """
    through = 0o711 if os.geteuid() == 0 else 0o700
    settings.VAR_DIR.mkdir(mode=through, parents=True, exist_ok=True)
    mode = stat.S_IMODE(settings.VAR_DIR.stat().st_mode)
    if mode & ~through:
        settings.VAR_DIR.chmod(mode & through)


def open_port() -> socket.socket:
    """Return the listening socket of the web process."""
    family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.BIND, settings.PORT))
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(f"port {settings.PORT} is in use: choose another, for example PORT={other()}.") from None
        raise CannotStart(
            f"port {settings.PORT} cannot be opened ({error.strerror}): choose another by PORT."
        ) from None
    listening.listen(512)
    return listening


def other() -> int:
    """Return a port to suggest instead."""
    return settings.PORT + 1 if settings.PORT < 65535 else settings.PORT - 1


def prepare_database(say: Say) -> None:
    """Start or reach the database and bring its tables up to date."""
    say("Reaching the database" if settings.DATABASE_URL else "Starting PostgreSQL")
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise CannotStart(no_answer(error)) from None
    with _alone():
        if missing := missing_migrations():
            say(f"Preparing the tables ({missing} steps)")
            call_command("migrate", interactive=False, verbosity=0)


def missing_migrations() -> int:
    """Return by how many steps the database's tables are behind this code."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone() -> Iterator[None]:
    """While this block runs, no other host changes the tables: the others wait, and find them ready."""
    with psycopg.connect(**wire.parameters()) as session:
        session.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        yield


def prepare_static_files(say: Say) -> None:
    """Collect the pages' files, unless nothing has changed since the last time."""
    if static_files.changed():
        say("Collecting the pages' files")
        call_command("collectstatic", interactive=False, verbosity=0)
        static_files.remember()


def prepare_folders() -> None:
    """Make the folders that hold recordings."""
    # What is shown on a screen is for nobody else on this machine.
    if not settings.MEDIA_BUCKET:
        Path(settings.MEDIA_ROOT).mkdir(mode=0o700, parents=True, exist_ok=True)


def no_answer(error: OperationalError) -> str:
    """Say that there is no database, and what to do."""
    return f"the database does not answer ({first_line(error)}): check DATABASE_URL."


def first_line(error: Exception) -> str:
    """Return an error's first line, without the full stop."""
    return str(error).strip().partition("\n")[0].rstrip(".")
