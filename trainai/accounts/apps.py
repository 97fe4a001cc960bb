from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """People, their companies, and the roles of operators."""

    name = "trainai.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from trainai.accounts import roles  # its models are ready only now

        post_migrate.connect(roles.ensure, sender=roles.last_app())
