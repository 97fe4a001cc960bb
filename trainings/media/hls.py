"""Make a recording streamable: HLS with fragmented MP4, copied where the codecs allow it, else encoded."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from pathlib import Path

from jobs.errors import PermanentError
from trainings.media import ffmpeg, limits, playlists
from trainings.media.audio import mixed
from trainings.media.playlists import Variant
from trainings.media.recording import Recording, VideoTrack
from trainings.media.sizes import Size, ladder
from trainings.providers import Work

SEGMENT_SECONDS = 4
LONGEST_SEGMENT_SECONDS = 12.0
"""A copied recording is cut at its own keyframes; x264 sets one at least each 250 frames, 8 to 10 s on a screen.
Farther apart, every jump in the player would wait too long, and the recording is encoded."""

COPIED_PIXEL_FORMATS = ("yuv420p", "yuvj420p")
"""8 bit 4:2:0, the only H.264 every browser decodes."""

COPIED_LONG_SIDE = 3840
LOWEST_FRAME_RATE, HIGHEST_FRAME_RATE = 15, 30
"""Frames per second of an encoded recording. A screen at a standstill records 1 per second and still moves at times."""

VIDEO_ENCODER = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-sc_threshold", "0")
AUDIO_ENCODER = ("-c:a", "aac", "-b:a", "128k", "-ac", "2")


def make_hls(recording: Recording, folder: Path, *, work: Work, on_progress: ffmpeg.Progress | None = None) -> Size:
    """Write master playlist, playlists and segments of `recording` into the empty `folder`.

    Returns the largest width and height, 0 and 0 for sound without picture. Raises what `ffmpeg.run` raises.
    """
    # Copying takes seconds and may be in vain, so only encoding tells how far it is.
    variants = _copy(recording, folder, work) or _encode(recording, folder, work, on_progress)
    playlists.write_master(folder, variants)
    return variants[0].size or (0, 0)


def _copy(recording: Recording, folder: Path, work: Work) -> list[Variant]:
    """Copy the picture as it is; nothing where it cannot be, or the result would not be fit to be watched."""
    video = recording.video
    if not video or not _can_copy_picture(video):
        return []
    variant = Variant(folder / "original", (video.width, video.height), video.frame_rate, bool(recording.audio))
    arguments = ["-map", f"0:{video.index}", "-c:v", "copy", *_sound(recording, 1)]
    try:
        _write(recording, [variant], arguments, work)
        if playlists.longest_segment(variant) <= LONGEST_SEGMENT_SECONDS:
            return [variant]
    except PermanentError:
        pass  # what cannot be copied may still decode
    shutil.rmtree(variant.folder)
    return []


def _can_copy_picture(video: VideoTrack) -> bool:
    return (
        video.codec == "h264"
        and video.pixel_format in COPIED_PIXEL_FORMATS
        and not video.rotation
        and max(video.width, video.height) <= COPIED_LONG_SIDE
    )


def _can_copy_sound(recording: Recording) -> bool:
    return [(track.codec, track.profile) for track in recording.audio] == [("aac", "LC")]


def _encode(recording: Recording, folder: Path, work: Work, on_progress: ffmpeg.Progress | None) -> list[Variant]:
    video = recording.video
    sound = bool(recording.audio)
    if not video:
        variants = [Variant(folder / "sound", None, 0, sound)]
        _write(recording, variants, _sound(recording, 1), work, on_progress)
        return variants
    rate = min(HIGHEST_FRAME_RATE, max(LOWEST_FRAME_RATE, math.ceil(video.frame_rate)))
    variants = [Variant(folder / f"{min(size)}p", size, rate, sound) for size in ladder(video)]
    arguments = _pictures(video.index, variants, rate) + _sound(recording, len(variants))
    _write(recording, variants, arguments, work, on_progress)
    return variants


def _pictures(index: int, variants: Sequence[Variant], rate: int) -> list[str]:
    """Encode once per size, with keyframes at the same moments in each."""
    names = [f"[picture{number}]" for number in range(len(variants))]
    graph = [f"[0:{index}]fps={rate},split={len(variants)}" + "".join(f"[raw{n}]" for n in range(len(variants)))]
    for number, (variant, name) in enumerate(zip(variants, names, strict=True)):
        width, height = variant.size or (0, 0)
        graph.append(f"[raw{number}]scale={width}:{height}:flags=bicubic,setsar=1,format=yuv420p{name}")
    keyframes = str(rate * SEGMENT_SECONDS)
    return [
        *("-filter_complex", ";".join(graph), *(part for name in names for part in ("-map", name))),
        *(*VIDEO_ENCODER, "-g", keyframes, "-keyint_min", keyframes, "-threads:v", str(limits.THREADS)),
    ]


def _sound(recording: Recording, times: int) -> list[str]:
    """Add the sound `times` times, mixed to one track as the transcriber hears it."""
    if not recording.audio:
        return []
    if _can_copy_sound(recording):
        return ["-map", f"0:{recording.audio[0].index}"] * times + ["-c:a", "copy"]
    names = [f"[sound{number}]" for number in range(times)]
    graph = f"{mixed(recording)};[sound]asplit={times}{''.join(names)}"
    return ["-filter_complex", graph, *(part for name in names for part in ("-map", name)), *AUDIO_ENCODER]


def _write(
    recording: Recording,
    variants: Sequence[Variant],
    arguments: Sequence[str],
    work: Work,
    on_progress: ffmpeg.Progress | None = None,
) -> None:
    for variant in variants:
        variant.folder.mkdir(parents=True)
    streams = [f"name:{variant.folder.name}," + _streams(variant, n) for n, variant in enumerate(variants)]
    parent = variants[0].folder.parent
    ffmpeg.run(
        [
            *ffmpeg.reading(recording),
            *arguments,
            *("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-t", f"{recording.duration + 1:.3f}"),
            *("-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod"),
            *("-hls_segment_type", "fmp4", "-hls_flags", "single_file+independent_segments"),
            *("-hls_segment_filename", f"{parent}/%v/{playlists.SEGMENTS}"),
            *("-var_stream_map", " ".join(streams), f"{parent}/%v/{playlists.INDEX}"),
        ],
        work=work,
        seconds=recording.duration,
        on_progress=on_progress,
    )
    for variant in variants:
        if not playlists.is_whole(variant):
            raise ffmpeg.incomplete(variant.folder)


def _streams(variant: Variant, number: int) -> str:
    return ",".join([f"v:{number}"] * bool(variant.size) + [f"a:{number}"] * variant.sound)
