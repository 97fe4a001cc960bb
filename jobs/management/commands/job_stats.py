"""How the jobs are doing."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs import stats


class Command(BaseCommand):
    help = "Shows durations by type, stuck and failed jobs, the queue and the live workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = stats.collect()
        if options["json"]:
            self.stdout.write(json.dumps(numbers))
            return
        self.stdout.write(f"{'Type':<24}{'Jobs':>8}{'Average':>12}")
        for row in numbers["by_type"]:
            took = row["avg_duration_seconds"]
            self.stdout.write(
                f"{row['job_type']:<24}{row['job_count']:>8}{'-' if took is None else f'{took:.1f} s':>12}"
            )
        states = ", ".join(f"{number} {status}" for status, number in sorted(numbers["by_status"].items())) or "none"
        oldest = f", the oldest for {numbers['oldest_due_seconds']:.0f} s" if numbers["oldest_due_seconds"] else ""
        self.stdout.write(f"\nJobs     {states}")
        self.stdout.write(f"Queue    {numbers['queue_waiting']} waiting, {numbers['queue_due']} of them due{oldest}")
        self.stdout.write(f"Failed   {numbers['failed_today']} today, {numbers['failed_for_good']} for good in all")
        self.stdout.write(f"Stuck    {len(numbers['stuck'])}{''.join(f'{chr(10)}  {pk}' for pk in numbers['stuck'])}")
        self.stdout.write(f"Workers  {numbers['workers']} alive")
