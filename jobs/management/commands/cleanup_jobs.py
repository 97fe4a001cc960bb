"""Delete jobs that were over long ago."""

from __future__ import annotations

import datetime
import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from jobs import cleanup


class Command(BaseCommand):
    help = "Deletes completed, failed and cancelled jobs older than some days, in batches."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kept = settings.KEEP_JOBS_DAYS
        parser.add_argument(
            "--days", type=float, default=kept, help=f"how long ago they ended (KEEP_JOBS_DAYS: {kept})"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count")
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 0:
            raise CommandError("--days cannot be negative.")
        age = datetime.timedelta(days=options["days"])
        found = cleanup.count(age)
        deleted = 0 if options["dry_run"] else self.delete(age, found)
        if options["json"]:
            self.stdout.write(json.dumps({"found": found, "deleted": deleted}))
        else:
            self.stdout.write(f"{found} found, {deleted} deleted.")

    def delete(self, age: datetime.timedelta, found: int) -> int:
        """Delete batch after batch."""
        deleted = 0
        with tqdm(total=found, disable=None, unit="job") as bar:
            while batch := cleanup.delete_batch(age):
                deleted += batch
                bar.update(batch)
        return deleted
