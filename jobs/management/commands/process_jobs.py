"""Run what is due, here and now."""

from __future__ import annotations

import json
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs import registry
from jobs.claim import Wanted
from jobs.worker import Loop


class Command(BaseCommand):
    help = "Claims and runs due jobs in the foreground until none is left."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--types", default="", help="only these job types, separated by commas")
        parser.add_argument("--limit", type=int, help="stop after this many jobs")
        parser.add_argument("--training", type=uuid.UUID, help="only the jobs of this training")
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        types = [word for word in options["types"].split(",") if word] or None
        for unknown in set(types or ()) - set(registry.job_types()):
            raise CommandError(f"Unknown job type {unknown!r}. Known: {', '.join(registry.job_types())}.")
        loop = Loop(resident=False, wanted=Wanted(types, options["training"]))
        tally = loop.drain(limit=options["limit"])
        if options["json"]:
            lists = {"processed": tally.processed, "failed": tally.failed}
            self.stdout.write(json.dumps({key: [str(pk) for pk in ids] for key, ids in lists.items()}))
        else:
            self.stdout.write(f"{len(tally.processed)} completed, {len(tally.failed)} failed or put off for a retry.")
        if loop.stopping:
            raise CommandError("Stopped; what was running is back in the queue.")
