"""What the pipeline's jobs do: one job type a file. The engine finds this package by its name."""

from trainings.handlers import sop_generation, training_removal, transcription

__all__ = ["sop_generation", "training_removal", "transcription"]
