"""Stands in place of django-q2's command of the same name, which waits for its workers without limit."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from jobs.keeper import Keeper


class Command(BaseCommand):
    help = "Runs the workers until SIGTERM or Ctrl-C; running jobs are handed back. Not 0 when the sentinel died."
    requires_system_checks: list[str] = []  # `up` and `check` run them; a restart after a crash should be quick

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(Keeper().run())
