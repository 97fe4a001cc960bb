"""A plain Django project with stock django-q2 on its ORM broker."""

import os

from trainai import database

SECRET_KEY = "only for this benchmark"  # noqa: S105
DATABASES = {"default": database.from_url(os.environ["DATABASE_URL"])}
INSTALLED_APPS = ["django.contrib.contenttypes", "django_q"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
LOGGING_CONFIG = None
Q_CLUSTER = {
    "name": "bench",
    "orm": "default",
    "workers": int(os.environ.get("WORKERS", "2")),
    "timeout": 60,
    "retry": 120,
    "save_limit": 0,  # keeps every result, as ours does
    "log_level": "WARNING",
}
