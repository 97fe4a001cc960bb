"""The installation's settings with the crowd's job."""

from trainai.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "bench.crowd"]  # noqa: F405
