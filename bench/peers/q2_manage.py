"""`python -m bench.peers.q2_manage COMMAND`: Django's command line for that project."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.q2_settings"
execute_from_command_line(["manage.py", *sys.argv[1:]])
