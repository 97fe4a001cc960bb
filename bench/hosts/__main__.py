"""`python -m bench.hosts --seed N --minutes M [--pooled]`."""

import sys

from bench.hosts.command import command

if __name__ == "__main__":
    sys.exit(command())
