"""The thread that looks and sends: one in each main process of workers and in each web process.

The web's tells when no worker is left, not even their main process. A lock in the database keeps them from telling
twice.
"""

from __future__ import annotations

import logging
import threading

from django.db import Error as DatabaseError
from django.db import connection

from jobs.alerts.look import look
from jobs.alerts.sending import send_due

logger = logging.getLogger("jobs")

LOOK_SECONDS = 5.0


def start() -> None:
    """Watch from now on: for the desk, and for the channels that are set up. Call it after all forks."""
    threading.Thread(target=_watch, name="alerts", daemon=True).start()


def _watch() -> None:
    pause = threading.Event()
    while not pause.wait(LOOK_SECONDS):
        try:
            look()
            send_due()
        except DatabaseError as error:
            logger.warning("alerts: %s", str(error).strip())
        except Exception:
            logger.exception("alerts could not be looked after")
        finally:
            connection.close()  # the pages may need it meanwhile
