"""Stop watches around the media tools that handlers call by name."""

from __future__ import annotations

from bench.timing.watch import timed


def put_in_place() -> None:
    """Replace each tool by itself with a watch. Handlers look them up in their modules at every call."""
    from trainings import media
    from trainings.handlers import step_pictures
    from trainings.media import frames

    tools = [
        (media, "extract_audio", "transcription"),
        (step_pictures, "probe", "step_pictures"),
        (frames, "seekable", "step_pictures"),
        (frames, "take_stills", "step_pictures"),
    ]
    for module, name, stage in tools:
        setattr(module, name, timed(stage, name, getattr(module, name)))
