"""A cluster that has died is back within seconds, so its start loads nothing that only web needs."""

from __future__ import annotations

import subprocess
import sys

from bench.report import ROOT

WHAT_A_CLUSTER_LOADS = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "trainai.settings"
django.setup()
import jobs.management.commands.qcluster
print(*sys.modules)
"""
ONLY_FOR_WEB = {"rest_framework.fields", "unfold.admin", "jobs.admin", "trainai.urls", "httpx", "requests", "uvicorn"}


def test_a_cluster_starts_without_what_only_web_needs() -> None:
    done = subprocess.run([sys.executable, "-c", WHAT_A_CLUSTER_LOADS], cwd=ROOT, capture_output=True, check=True)
    assert ONLY_FOR_WEB & set(done.stdout.decode().split()) == set()
