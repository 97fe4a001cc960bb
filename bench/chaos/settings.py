"""The installation's settings with handlers that misbehave on purpose."""

from trainai.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "bench.chaos.apps.ChaosConfig"]  # noqa: F405
