"""The installation's settings with the benchmarks' own handlers."""

from trainai.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]  # noqa: F405
LOGGING_CONFIG = None
