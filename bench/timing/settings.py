"""The installation's settings with stop watches around its providers."""

from trainai.settings import *  # noqa: F403
from trainai.settings import INSTALLED_APPS, SOP_WRITERS, TRANSCRIBERS, VIDEO_HOSTS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.timing.apps.TimingConfig"]
TIMED_PROVIDERS = {"transcriber": TRANSCRIBERS, "sop_writer": SOP_WRITERS, "video_host": VIDEO_HOSTS}
TRANSCRIBERS = dict.fromkeys(TRANSCRIBERS, "bench.timing.providers.timed_transcriber")
SOP_WRITERS = dict.fromkeys(SOP_WRITERS, "bench.timing.providers.timed_sop_writer")
VIDEO_HOSTS = dict.fromkeys(VIDEO_HOSTS, "bench.timing.providers.timed_video_host")
