"""What the pipeline's jobs do: one job type a file. The engine finds this package by its name."""

from trainings.handlers import training_removal, transcription

__all__ = ["training_removal", "transcription"]
