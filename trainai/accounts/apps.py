from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, their companies, and the roles of operators."""

    name = "trainai.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from trainai.accounts import roles  # its models are ready only now

        post_migrate.connect(roles.ensure, sender=roles.last_app())
