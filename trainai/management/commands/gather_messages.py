"""Gathers the sentences of the sources into the message catalogues."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Run it after a sentence was added, changed or translated; it needs the development packages, no other tools."""

    help = "Brings locale/*/LC_MESSAGES/django.po and .mo in step with the sources and names what is not translated."

    def handle(self, *args: Any, **options: Any) -> None:
        from trainai import catalogue  # polib is there for developers only

        lacking = {language: catalogue.renew(language) for language in catalogue.languages()}
        for language, sentences in lacking.items():
            for sentence in sentences:
                self.stdout.write(f"{language}: {sentence}")
        if any(lacking.values()):
            raise CommandError("Translate these in locale/<language>/LC_MESSAGES/django.po, then run this again.")
