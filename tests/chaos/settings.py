"""The settings of the processes that chaos tests start: with handlers that behave badly on purpose."""

from tests.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos"]  # noqa: F405
