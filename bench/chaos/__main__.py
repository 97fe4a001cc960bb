"""`python -m bench.chaos --seed N --minutes M`."""

import sys

from bench.chaos.command import command

if __name__ == "__main__":
    sys.exit(command())
