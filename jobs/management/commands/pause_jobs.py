"""Pause types of work or companies."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs import limits, pausing


class Command(BaseCommand):
    help = "Lets no worker begin work of some types or companies until resume_jobs. What runs goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        pausing.add_arguments(parser)
        parser.add_argument("--why", required=True, help="what the pages tell those who wait")

    def handle(self, *args: Any, **options: Any) -> None:
        for what in pausing.named(options):
            limits.pause(**what, why=options["why"])
            self.stdout.write(f"{next(iter(what.values()))}: paused.")
