"""Recognise a container by its bytes, so that nothing but the content decides who reads it.

A demuxer left to guess takes a playlist or a concat script called `.mp4` for what it is and opens what it names, so
every opening of a recording forces the demuxer found here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from jobs.errors import PermanentError

HEAD = 1024
CONTENT_TYPES = {
    "mov": "video/mp4",
    "matroska": "video/webm",
    "avi": "video/x-msvideo",
    "mpegts": "video/mp2t",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
}
MP4_FIRST_BOXES = {b"ftyp", b"styp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"moof", b"sidx"}
MPEGTS_PACKET = 188
MP3_SECOND_BYTES = (b"\xfb", b"\xfa", b"\xf3", b"\xf2")


def demuxer_of(path: Path) -> str:
    """Return the ffmpeg demuxer for the file's first bytes.

    Raises `PermanentError`: `empty_file`, `not_a_video` for anything that is no known container, `damaged_file` for an
    MP4 that breaks off.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not head:
            raise PermanentError("empty_file", "The file is empty. Choose the recording again and upload it once more.")
        demuxer = _guess(head)
        if not demuxer:
            raise PermanentError(
                "not_a_video", "This file is not a video. Upload the recording itself as an MP4, MOV, WebM or MKV file."
            )
        if demuxer == "mov":
            _refuse_broken_mp4(file, path.stat().st_size)
    return demuxer


def content_type_of(head: bytes) -> str:
    """Return the media type for a file's first bytes, and one no browser shows when they are of no known container."""
    return CONTENT_TYPES.get(_guess(head), "application/octet-stream")


def _guess(head: bytes) -> str:
    if head[4:8] in MP4_FIRST_BOXES:
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if head.startswith(b"RIFF") and head[8:12] in (b"AVI ", b"WAVE"):
        return "avi" if head[8:12] == b"AVI " else "wav"
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith(b"fLaC"):
        return "flac"
    if head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] in MP3_SECOND_BYTES):
        return "mp3"
    if len(head) > 2 * MPEGTS_PACKET and all(head[at] == 0x47 for at in range(0, len(head), MPEGTS_PACKET)):
        return "mpegts"
    return ""


def _refuse_broken_mp4(file: BinaryIO, size: int) -> None:
    ends = dict(_boxes(file, size))
    if "moov" not in ends or ends["moov"] > size:
        raise PermanentError(
            "damaged_file",
            "The end of this video is missing, and its index with it. Save or copy it again and upload the whole file.",
            "no moov box",
        )
    # A fragmented MP4 (moof) grows as it is recorded: what came before a torn last fragment is whole.
    if "moof" not in ends and ends.get("mdat", 0) > size:
        raise PermanentError(
            "damaged_file",
            "This video breaks off in the middle. Copy it again from where it is whole and upload that file.",
            f"{ends['mdat'] - size} bytes missing of {ends['mdat']}",
        )


def _boxes(file: BinaryIO, size: int) -> Iterator[tuple[str, int]]:
    """Yield the name and the end, in bytes from the file's start, of each top-level box (ISO/IEC 14496-12 4.2)."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        length, name = struct.unpack(">I4s", file.read(8))
        if length == 1:
            length = int.from_bytes(file.read(8), "big")
        elif length == 0:
            length = size - at
        if length < 8:
            return
        at += length
        yield name.decode("latin-1"), at
