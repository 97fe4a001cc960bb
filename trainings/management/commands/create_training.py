"""`manage.py create_training FILE`: from a recording to a training, on the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from trainai import before_start, serving, startup
from trainings import creation, following, progress_lines
from trainings.models import Training
from trainings.serializers import training_json


class Command(BaseCommand):
    help = (
        "Puts a video file through the pipeline and follows it to the end, with the running workers or, when there "
        "are none, in the foreground. The exit status is 0 only when the training is ready."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the recording")
        parser.add_argument("--title", default="", help="its title; one is suggested otherwise")
        parser.add_argument("--language", default="", help="the code of the spoken language; found otherwise")
        parser.add_argument("--company", default="", help="name or id; the first company otherwise")
        parser.add_argument("--json", action="store_true", help="print one JSON object in the end")

    def handle(self, *args: Any, **options: Any) -> None:
        # With --json the standard output belongs to the object alone.
        show = progress_lines.on(sys.stderr if options["json"] or sys.stderr.isatty() else sys.stdout)
        try:
            before_start.prepare(lambda line: self.stderr.write(f"TrainAI: {line}"))
            company = creation.find_company(options["company"])
            training = creation.from_file(
                options["file"], company=company, title=options["title"], language=options["language"]
            )
            following.follow(training, show=show.jobs)
            training = Training.objects.get(pk=training.pk)
        except startup.CannotStart as problem:
            self._fail("not_prepared", f"The training cannot be made: {problem}", as_json=options["json"])
        except creation.CannotCreate as problem:
            self._fail(problem.code, problem.message, as_json=options["json"])
        except Training.DoesNotExist:
            self._fail("deleted", "The training was deleted before it was ready.", as_json=options["json"])
        except following.NobodyWorks:
            self._fail("nobody_works", "No worker runs, and processing here fails to start.", as_json=options["json"])
        except KeyboardInterrupt:
            self.stderr.write("\nStopped following. The training goes on as soon as workers run.")
            sys.exit(130)
        finally:
            show.close()
        self._tell(training, as_json=options["json"])

    def _tell(self, training: Training, *, as_json: bool) -> None:
        data = training_json(training, base_url=f"http://127.0.0.1:{serving.port()}")
        self.stdout.write(json.dumps(data, ensure_ascii=False) if as_json else _summary(data))
        if data["status"] != "ready":
            sys.exit(1)

    def _fail(self, code: str, message: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"status": "failed", "error": {"code": code, "message": message}}))
        self.stderr.write(message)
        sys.exit(1)


def _summary(data: dict[str, Any]) -> str:
    lines = [f"{data['title']}: {data['status']}", data["url"]]
    if data["status"] == "ready":
        lines.append(f"{len(data['steps'])} steps, {len(data['chapters'])} chapters, {len(data['transcript'])} lines")
    return "\n".join([*lines, *_reasons(data)])


def _reasons(data: dict[str, Any]) -> list[str]:
    """Why parts failed, each reason once; that others waited for them in vain goes without saying."""
    errors = [job["error_data"] for job in data["jobs"] if job["status"] == "failed" and job["error_data"]]
    return list(dict.fromkeys(error["message"] for error in errors if error["code"] != "dependency_failed"))
