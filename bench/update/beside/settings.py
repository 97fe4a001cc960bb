"""The installation's settings with this app; pages open without built files."""

from trainai.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "beside"]  # noqa: F405
STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
ALLOWED_HOSTS = ["testserver"]
