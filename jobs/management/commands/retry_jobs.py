"""Retry failed or cancelled jobs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs import queue, selection


class Command(BaseCommand):
    help = "Gives failed jobs a new attempt; cancelled ones when named by id or --status."

    def add_arguments(self, parser: ArgumentParser) -> None:
        selection.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        jobs = selection.select(options, among=["failed"])
        selection.apply(self, jobs, queue.retry, "retried", options["json"])
