"""What the contracts share with the tests of each provider."""

from tests.trainings.cloud.conftest import openai
from tests.trainings.transcription.conftest import narration, tiny

__all__ = ["narration", "openai", "tiny"]
