"""Media work: the only callers of ffmpeg and PyAV.

One verb a file: `probe` says what a file holds, `extract_audio` makes the sound ready for listening, `hls` makes it
streamable, `frames` looks at its pictures. Recordings are untrusted: the container is recognised by its first bytes
and its demuxer is forced, everything is decoded in a child process with limits, and nothing but the one file is read.
"""

from trainings.media.audio import extract_audio
from trainings.media.probe import probe
from trainings.media.recording import AudioTrack, Recording, VideoTrack

__all__ = ["AudioTrack", "Recording", "VideoTrack", "extract_audio", "probe"]
