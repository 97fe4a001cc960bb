"""`manage.py sweep_uploads`: for a timer, or by hand when the disk is short."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from trainings import sweeping


class Command(BaseCommand):
    help = "Removes uploads nobody has continued in time, and files whose rows are gone. Safe at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweeping.sweep()
        if options["json"]:
            self.stdout.write(json.dumps(swept))
        else:
            self.stdout.write(f"Removed {swept['uploads']} abandoned uploads and {swept['folders']} orphaned folders.")
