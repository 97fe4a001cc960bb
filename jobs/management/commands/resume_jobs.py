"""Resume what was paused."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs import limits, pausing


class Command(BaseCommand):
    help = "Lets workers begin work of some types or companies again, at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        pausing.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        for what in pausing.named(options):
            was = limits.resume(**what)
            self.stdout.write(f"{next(iter(what.values()))}: {'resumed' if was else 'was not paused'}.")
