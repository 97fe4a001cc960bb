"""Mux: hosts the video elsewhere, streams it and prepares its sizes."""

from trainings.providers.mux_.host import MuxHost

__all__ = ["MuxHost"]
