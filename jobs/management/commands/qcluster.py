"""Stands in place of django-q2's command of the same name, which waits for its workers without limit."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from jobs.keeper import Keeper
from jobs.models import JobQueue


class Command(BaseCommand):
    help = "Runs the workers until SIGTERM or Ctrl-C; running jobs are handed back. Not 0 when the sentinel died."
    requires_system_checks: list[str] = []  # `up` and `check` run them; a restart after a crash should be quick

    def handle(self, *args: Any, **options: Any) -> None:
        # Without tables there is nothing to wait for; a database that is only away is waited for.
        with contextlib.suppress(OperationalError):
            JobQueue.objects.exists()
        connection.close()
        sys.exit(Keeper().run())
