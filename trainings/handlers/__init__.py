"""What the pipeline's jobs do: one job type a file. The engine finds this package by its name."""

from trainings.handlers import (
    mux_upload,
    notice,
    sop_generation,
    step_pictures,
    training_removal,
    transcription,
    verification,
    video_captions,
)

__all__ = [
    "mux_upload",
    "notice",
    "sop_generation",
    "step_pictures",
    "training_removal",
    "transcription",
    "verification",
    "video_captions",
]
