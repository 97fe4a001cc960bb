"""`manage.py check`: Django's checks, and a try of the storage, which no other command waits for."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.checks import register
from django.core.management.commands.check import Command as Check

from trainai.checks import check_storage


class Command(Check):
    help = "Checks the whole installation for problems, the media's storage included."

    def handle(self, *args: Any, **options: Any) -> None:
        register(check_storage)
        admin.autodiscover()  # the desk is checked only where its modules are loaded
        super().handle(*args, **options)
