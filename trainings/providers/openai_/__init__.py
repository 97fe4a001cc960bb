"""OpenAI, and every server that speaks its protocol (`OPENAI_BASE_URL`): listening and writing."""

from trainings.providers.openai_.transcriber import OpenAITranscriber
from trainings.providers.openai_.writer import OpenAIWriter

__all__ = ["OpenAITranscriber", "OpenAIWriter"]
