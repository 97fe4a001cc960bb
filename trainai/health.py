"""Whether the installation is alive, and whether it can do its work."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobs.workers import alive as alive_workers
from trainings.storages import media_storage
from trainings.storages.errors import StorageTrouble

OK = "ok"
logger = logging.getLogger(__name__)


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """Answer as long as the web process can."""
    return JsonResponse({"status": OK})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, storage and workers are there, else 503; each part by its name."""
    parts = {name: check() for name, check in CHECKS.items()}
    good = all(state == OK for state in parts.values())
    return JsonResponse({"status": OK if good else "not ready", **parts}, status=200 if good else 503)


def database() -> str:
    """Return ok, or what is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.exception("The database does not answer.")
        return "does not answer"
    return OK


def storage() -> str:
    """Return ok, or what is wrong: a small file must go in and out."""
    try:
        media_storage().probe()
    except StorageTrouble as trouble:
        logger.error("%s", trouble)
        return trouble.message
    except OSError:
        logger.exception("The storage takes no files.")
        return "takes no files"
    return OK


def workers() -> str:
    """Return ok, or what is wrong: at least one worker must have been seen within the length of a lease."""
    try:
        return OK if alive_workers() else "none is running"
    except DatabaseError:
        return "not known without the database"


CHECKS: dict[str, Callable[[], str]] = {"database": database, "storage": storage, "workers": workers}
