from django.apps import AppConfig


class TrainaiConfig(AppConfig):
    """The installation: its checks, its shared static files and the command that runs it."""

    name = "trainai"

    def ready(self) -> None:
        from trainai import (
            checks,  # noqa: F401  registers them
            desk_words,
        )

        desk_words.translate_names()
