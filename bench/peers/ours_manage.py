"""`python -m bench.peers.ours_manage COMMAND`: Django's command line with the benchmarks' handlers."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
execute_from_command_line(["manage.py", *sys.argv[1:]])
