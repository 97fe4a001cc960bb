"""Cancel waiting or running jobs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs import queue, selection


class Command(BaseCommand):
    help = "Cancels waiting and running jobs, and what waits for them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        selection.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        jobs = selection.select(options, among=["pending", "processing"])
        selection.apply(self, jobs, queue.cancel, "cancelled", options["json"])
