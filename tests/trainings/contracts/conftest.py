"""What the contracts share with the tests of each provider."""

from tests.trainings.cloud.conftest import mux, openai
from tests.trainings.media.conftest import make_training, recordings, scratch
from tests.trainings.transcription.conftest import narration, tiny

__all__ = ["make_training", "mux", "narration", "openai", "recordings", "scratch", "tiny"]
