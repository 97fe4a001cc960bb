#!/usr/bin/env python
"""Django's command line for TrainAI."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trainai.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"TrainAI cannot start: {error}")
    except DatabaseError as error:
        from trainai import before_start

        if why := before_start.excuse(error):
            sys.exit(f"This cannot be done: {why}")
        raise


if __name__ == "__main__":
    main()
