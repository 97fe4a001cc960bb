"""The rule-based writer: steps from what was said, with no key and no network."""

from trainings.providers.extractive.writer import ExtractiveWriter

__all__ = ["ExtractiveWriter"]
