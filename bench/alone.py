"""Runs a measurement in a process whose settings know only a database and a folder made for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.engine.own_database import own_database
from bench.report import ROOT


def measure(module: str, *words: str) -> dict[str, Any]:
    """Return what `python -m MODULE FILE [WORD ...]` wrote into its file as JSON. Raises when it failed.

    The folder lies under the installation's own, on the disk that recordings are kept on.
    """
    var = Path(os.environ.get("VAR_DIR", ROOT / "var")).resolve()
    var.mkdir(parents=True, exist_ok=True)
    with own_database() as url, tempfile.TemporaryDirectory(prefix="bench-", dir=var) as folder:
        environment = {**os.environ, "DATABASE_URL": url, "VAR_DIR": folder}
        environment["DJANGO_SETTINGS_MODULE"] = "trainai.settings"
        figures = Path(folder) / "figures.json"
        subprocess.run([sys.executable, "-m", module, str(figures), *words], cwd=ROOT, env=environment, check=True)
        result: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
        return result


def prepared() -> None:
    """Set Django up in the process that measures, make the tables and put the pages' files in place, as `up` does."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
