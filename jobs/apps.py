from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """The engine. Handlers register themselves from modules called `handlers` in installed apps."""

    name = "jobs"

    def ready(self) -> None:
        autodiscover_modules("handlers")
