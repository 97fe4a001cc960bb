"""Which jobs an operator's command means."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from jobs.errors import NotAllowed
from jobs.models import BackgroundJob
from jobs.querysets import JobQuerySet

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def age(text: str) -> datetime.timedelta:
    """Read an age such as 90s, 10m, 2h or 30d."""
    match = re.fullmatch(r"(\d+)([smhd])", text)
    if not match:
        raise ArgumentTypeError(f"{text!r} is no age: write 90s, 10m, 2h or 30d")
    return datetime.timedelta(**{_UNITS[match[2]]: int(match[1])})


def add_arguments(parser: ArgumentParser) -> None:
    """Add the ways to name jobs."""
    parser.add_argument("ids", nargs="*", type=uuid.UUID, metavar="ID", help="these jobs")
    parser.add_argument("--types", default="", help="jobs of these types, separated by commas")
    parser.add_argument("--status", choices=BackgroundJob.Status.values, help="jobs in this state")
    parser.add_argument("--older-than", type=age, help="jobs made longer ago than this: 90s, 10m, 2h, 30d")
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")


def select(options: dict[str, Any], *, among: list[str]) -> JobQuerySet:
    """Return the named jobs, by default only those whose state is `among`; naming nothing is refused."""
    if not any(options[name] for name in ("ids", "types", "status", "older_than")):
        raise CommandError("Say which jobs: their ids, --types, --status or --older-than.")
    jobs = BackgroundJob.objects.all()
    if options["ids"]:
        missing = set(options["ids"]) - set(jobs.filter(pk__in=options["ids"]).values_list("pk", flat=True))
        if missing:
            raise CommandError(f"No such job: {', '.join(map(str, sorted(missing)))}.")
        jobs = jobs.filter(pk__in=options["ids"])
    elif not options["status"]:
        jobs = jobs.filter(status__in=among)
    if options["types"]:
        jobs = jobs.filter(job_type__in=[word for word in options["types"].split(",") if word])
    if options["status"]:
        jobs = jobs.filter(status=options["status"])
    if options["older_than"]:
        jobs = jobs.filter(created_at__lt=timezone.now() - options["older_than"])
    return jobs.order_by("created_at")


def apply(
    command: BaseCommand, jobs: JobQuerySet, verb: Callable[[uuid.UUID], BackgroundJob], done: str, as_json: bool
) -> None:
    """Use a verb of `jobs.queue` on each job and tell the result; raise CommandError when one refused."""
    ids = list(jobs.values_list("pk", flat=True))
    changed: list[str] = []
    refused: dict[str, str] = {}
    for pk in tqdm(ids, disable=None, unit="job"):
        try:
            verb(pk)
            changed.append(str(pk))
        except (NotAllowed, BackgroundJob.DoesNotExist) as error:
            refused[str(pk)] = str(error)
    if as_json:
        command.stdout.write(json.dumps({done: changed, "refused": refused}))
    else:
        command.stdout.write(f"{len(changed)} {done}.")
        for refused_id, reason in refused.items():
            command.stderr.write(f"{refused_id}: {reason}")
    if refused:
        raise CommandError(f"{len(refused)} refused.")
