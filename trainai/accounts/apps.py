from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "trainai.accounts"
    label = "accounts"
