"""The benchmark's plain project with stock django-q2, its times set for tasks of a second, in its favour."""

from bench.peers.q2_settings import *  # noqa: F403
from bench.peers.q2_settings import Q_CLUSTER

Q_CLUSTER = {**Q_CLUSTER, "timeout": 10, "retry": 15, "log_level": "ERROR"}
