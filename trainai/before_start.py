"""A command that comes before the first `up`, or reaches no database."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, OperationalError, ProgrammingError

from trainai import startup
from trainai.accounts import first_login

NO_TABLES = "the tables of this version are not in the database: start TrainAI once (`make run`), or run `migrate`"


def prepare(say: startup.Say) -> None:
    """Make what the first `up` would make: the server, its tables, the first login.

    Only where all of it lies in our own folder. Raises CannotStart where the tables of a database of the operator's own
    are missing.
    """
    if settings.DATABASE_URL:
        require_tables()
    elif startup.missing_migrations():
        startup.close_folder()
        startup.prepare_folders()
        startup.prepare_database(say)
    first_login.ensure()


def require_tables() -> None:
    """Raise CannotStart when the database has not the tables of this code."""
    try:
        missing = startup.missing_migrations()
    except OperationalError as error:
        raise startup.CannotStart(startup.no_answer(error)) from None
    if missing:
        raise startup.CannotStart(f"{NO_TABLES}.")


def excuse(error: DatabaseError) -> str:
    """Return what is wrong with the installation when a command ended by `error`; empty when nothing is."""
    if isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) is None:
        return startup.no_answer(error)
    if isinstance(error, ProgrammingError) and startup.missing_migrations():
        return f"{NO_TABLES}."
    return ""
