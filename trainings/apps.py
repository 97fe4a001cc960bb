from django.apps import AppConfig


class TrainingsConfig(AppConfig):
    """The product: recordings become trainings."""

    name = "trainings"

    def ready(self) -> None:
        from trainings import checks  # noqa: F401  registers them
