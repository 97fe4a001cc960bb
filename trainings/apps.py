from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TrainingsConfig(AppConfig):
    """The product: recordings become trainings."""

    name = "trainings"
    verbose_name = _("Trainings")

    def ready(self) -> None:
        from trainings import (
            checks,  # noqa: F401  registers them
            schedules,
        )

        post_migrate.connect(schedules.ensure, sender=apps.get_app_config("django_q"))
