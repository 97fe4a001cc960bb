"""`manage.py verify_background_processing`: the guide's tests against this installation."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from trainings.following import NobodyWorks
from trainings.verification import report, sockets, tests
from trainings.verification.result import Result
from trainings.verification.scene import Scene, TookTooLong, person, scene


class Command(BaseCommand):
    help = (
        "Runs the tests of the background processing guide against this installation, with its own workers and web "
        "server: the sample recording goes through the pipeline in a company of its own, which is removed again. "
        "Prints the guide's results template. The exit status is 0 only when everything passed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        results: list[Result] = []
        with person() as (user, company), sockets.watching(user) as pages, scene(user, company) as place:
            results.append(self._try("Job Creation", tests.creation, place))
            results.append(self._try("Job Processing", tests.processing, place))
            results.append(tests.live(place, pages))
            results.append(self._try("Error Handling", tests.errors, place))
            results.append(self._try("Job Cancellation", tests.cancellation, place))
            results.append(self._try("Performance", tests.performance, place))
        text = json.dumps(report.as_json(results)) if options["json"] else report.as_text(results)
        self.stdout.write(text)
        if not all(result.passed for result in results):
            sys.exit(1)

    def _try(self, name: str, test: Callable[[Scene], Result], place: Scene) -> Result:
        self.stderr.write(f"{name} ...")
        try:
            return test(place)
        except TookTooLong as problem:
            return Result(name, problems=[str(problem)], mends=["Are the workers busy or stuck? See /admin/."])
        except NobodyWorks:
            return Result(name, problems=["No worker runs."], mends=["Start `make run`, or `manage.py qcluster`."])
