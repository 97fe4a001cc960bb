"""A cluster that has died is back within seconds, so its start loads nothing that only web needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.report import ROOT

A_START = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "trainai.settings"
django.setup()
import jobs.management.commands.qcluster
print(*sys.modules)
from django.contrib import admin
from django.core.management import call_command
call_command("check", tags=["admin"])
print(*admin.site._registry)
"""
ONLY_FOR_WEB = {"rest_framework.fields", "unfold.admin", "jobs.admin", "trainai.urls", "httpx", "requests", "uvicorn"}


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """What a process has loaded that is to be a cluster, and which models its `check` knows of."""
    done = subprocess.run([sys.executable, "-c", A_START], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_a_cluster_starts_without_what_only_web_needs(lines: list[str]) -> None:
    assert ONLY_FOR_WEB & set(lines[0].split()) == set()


def test_the_desk_is_checked_all_the_same(lines: list[str]) -> None:
    assert "jobs.models.job.BackgroundJob" in lines[-1]
