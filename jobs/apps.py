from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """The engine. Handlers register themselves from modules called `handlers` in installed apps."""

    name = "jobs"
    verbose_name = _("Work")

    def ready(self) -> None:
        autodiscover_modules("handlers")
        from jobs import schedules  # its models are ready only now

        post_migrate.connect(schedules.ensure, sender=apps.get_app_config("django_q"))
