from django.apps import AppConfig


class TrainingsConfig(AppConfig):
    """The product: recordings become trainings."""

    name = "trainings"
