"""Small recordings of every kind, good and bad, made with ffmpeg on the fly."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

from trainings.media import ffmpeg

Maker = Callable[[Path], None]

SCREEN = "testsrc2=size=640x360:rate=25"
VOICE = "sine=frequency=440:sample_rate=48000"
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
REFUSED = {
    "empty": "empty_file",
    "text": "not_a_video",
    "zipped": "not_a_video",
    "without_index": "damaged_file",
    "cut_in_the_middle": "damaged_file",
    "garbled": "damaged_file",
    "too_short": "too_short",
    "huge_picture": "too_large_picture",
}
"""Kinds of which nothing can be made, and the code that says why."""

LIVE_WEBM = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus", "-f", "webm")


def make(target: Path, *arguments: str) -> None:
    """Run ffmpeg to write `target`."""
    argv = [ffmpeg.executable(), "-nostdin", "-loglevel", "error", "-y", *arguments, f"file:{target}"]
    subprocess.run(argv, check=True)


def good(target: Path, seconds: float = 3, *more: str) -> None:
    """H.264 and AAC in MP4, as most recorders write it."""
    make(target, *lavfi(SCREEN, VOICE), "-t", str(seconds), *H264, "-c:a", "aac", *more)


def lavfi(*sources: str) -> list[str]:
    """Return the input arguments for made pictures and sounds."""
    return [part for source in sources for part in ("-f", "lavfi", "-i", source)]


def mediarecorder(target: Path, seconds: float = 3) -> None:
    """WebM as a browser records it: written to a pipe, so without duration and index."""
    argv = [ffmpeg.executable(), "-nostdin", "-loglevel", "error", *lavfi(SCREEN, VOICE), "-t", str(seconds)]
    with target.open("wb") as file:
        subprocess.run([*argv, *LIVE_WEBM, "-live", "1", "pipe:1"], stdout=file, check=True)


def empty(target: Path) -> None:
    target.touch()


def text(target: Path) -> None:
    target.write_text("This is not a video, whatever its name says.\n" * 100)


def zipped(target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("recording.mp4", "nothing")


def without_index(target: Path) -> None:
    """An MP4 whose writer died: the index at the end was never written."""
    good(target)
    content = target.read_bytes()
    target.write_bytes(content[: content.rindex(b"moov") - 4])


def cut_in_the_middle(target: Path) -> None:
    """An MP4 with its index first and half of its pictures gone."""
    good(target, 3, "-movflags", "+faststart")
    content = target.read_bytes()
    target.write_bytes(content[: len(content) // 2])


def with_something_behind(target: Path) -> None:
    """A whole MP4 to which a camera or a mail program added bytes of its own."""
    good(target)
    with target.open("ab") as file:
        file.write(b"some notes of the camera's maker")


def torn_fragments(target: Path) -> None:
    """A fragmented MP4 whose recorder died in its last fragment."""
    good(target, 4, "-g", "25", "-movflags", "+frag_keyframe+empty_moov")
    content = target.read_bytes()
    target.write_bytes(content[:-2000])


def garbled(target: Path) -> None:
    """The right first bytes and noise behind them."""
    target.write_bytes(b"\x1a\x45\xdf\xa3" + bytes(range(256)) * 200)


def without_sound(target: Path) -> None:
    make(target, *lavfi(SCREEN), "-t", "3", *H264)


def without_picture(target: Path) -> None:
    make(target, *lavfi(VOICE), "-t", "3", "-c:a", "aac", "-f", "mp4")


def mp3_with_cover(target: Path) -> None:
    """MP3 with a picture of its cover, which is no film."""
    sound, cover = target.with_name("sound.mp3"), target.with_name("cover.jpg")
    make(sound, *lavfi(VOICE), "-t", "3", "-c:a", "libmp3lame")
    make(cover, *lavfi("color=red:size=300x300"), "-frames:v", "1")
    both = ("-i", str(sound), "-i", str(cover), "-map", "0:a", "-map", "1:v", "-c", "copy")
    make(target, *both, "-disposition:v", "attached_pic", "-f", "mp3")


def ogg_sound(target: Path) -> None:
    make(target, *lavfi(VOICE), "-t", "3", "-c:a", "libopus", "-f", "ogg")


def silent(target: Path) -> None:
    make(target, *lavfi(SCREEN, "anullsrc=sample_rate=48000"), "-t", "3", *H264, "-c:a", "aac")


def too_short(target: Path) -> None:
    good(target, 0.3)


def three_hours(target: Path) -> None:
    """Three hours of a still screen, one picture in ten seconds: long, not large."""
    pictures = ("color=size=320x180:rate=1/10", "anullsrc=sample_rate=8000:duration=60")
    make(target, *lavfi(*pictures), "-t", "10800", *H264, "-g", "5", "-c:a", "aac", "-b:a", "8k")


def huge_picture(target: Path) -> None:
    """15000 x 15000 pixels in a small file."""
    make(target, *lavfi("color=white:size=15000x15000:rate=1"), "-frames:v", "1", *H264)


def variable_frame_rate(target: Path) -> None:
    """A second of movement, three of standstill, a second of movement, as screen recorders write it."""
    moving = "select='lt(t,1)+gt(t,4)'"
    make(target, *lavfi(SCREEN, VOICE), "-t", "5", "-vf", moving, "-fps_mode", "vfr", *H264, "-c:a", "aac")


def twenty_streams(target: Path) -> None:
    """Ten pictures and ten sounds in one Matroska file."""
    maps = [part for _ in range(10) for part in ("-map", "0:v", "-map", "1:a")]
    make(target, *lavfi(SCREEN, VOICE), *maps, "-t", "2", *H264, "-c:a", "aac", "-f", "matroska")


def upright(target: Path) -> None:
    """A telephone's recording: stored lying, shown standing."""
    lying = target.with_name("lying.mp4")
    good(lying)
    make(target, "-display_rotation:v", "90", "-i", str(lying), "-c", "copy")


def odd_size(target: Path) -> None:
    """853 x 481 pixels with full colour, which neither browsers nor 4:2:0 take."""
    picture = "testsrc=size=853x481:rate=25"
    make(target, *lavfi(picture, VOICE), "-t", "3", "-c:v", "libx264", "-pix_fmt", "yuv444p", "-c:a", "aac")


def late_sound(target: Path) -> None:
    """The sound starts two seconds after the picture."""
    make(target, *lavfi(SCREEN), "-itsoffset", "2", *lavfi(VOICE), "-t", "4", *H264, "-c:a", "aac", "-f", "matroska")


def playlist(target: Path, names: str) -> None:
    """An HLS playlist called a video, naming another file or address."""
    target.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{names}\n#EXT-X-ENDLIST\n")


def concat_script(target: Path, names: str) -> None:
    """An ffmpeg concat script called a video, naming another file or address."""
    target.write_text(f"ffconcat version 1.0\nfile '{names}'\n")


def voice_in_the_second_track(target: Path) -> None:
    """The desktop's silence in the first track, the microphone in the second."""
    maps = [part for name in ("0:v", "1:a", "2:a") for part in ("-map", name)]
    make(target, *lavfi(SCREEN, "anullsrc=sample_rate=48000", VOICE), *maps, "-t", "3", *H264, "-c:a", "aac")


def three_tracks_of_sound(target: Path) -> None:
    """H.264 with the voice in the second of three tracks."""
    sounds = ("anullsrc=sample_rate=48000", VOICE, "anullsrc=sample_rate=48000")
    maps = [part for name in ("0:v", "1:a", "2:a", "3:a") for part in ("-map", name)]
    make(target, *lavfi(SCREEN, *sounds), *maps, "-t", "3", *H264, "-c:a", "aac")


def one_keyframe(target: Path) -> None:
    """H.264 that one can only jump to the start of."""
    make(target, *lavfi("testsrc2=size=640x360:rate=10"), "-t", "14", *H264, "-g", "1000", "-sc_threshold", "0")


def large(target: Path) -> None:
    """A screen larger than 1080p, in colours that must be encoded anew."""
    picture = "testsrc2=size=2560x1440:rate=5"
    encoder = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p")
    make(target, *lavfi(picture, VOICE), "-t", "5", *encoder, "-c:a", "aac")


def detailed(target: Path) -> None:
    """Noise, which no codec makes small: half a megabyte in three seconds."""
    noise = "nullsrc=size=320x180:rate=10,geq=random(1)*255:128:128"
    make(target, *lavfi(noise, VOICE), "-t", "3", *H264, "-c:a", "aac")


def _page(colour: str, *boxes: str) -> str:
    """Return a made page: lines of text in `colour`, and more boxes as drawbox writes them."""
    lines = [f"drawbox=x=200:y={y}:w={900 - y}:h=14:color={colour}:t=fill" for y in range(100, 600, 40)]
    return ",".join(["color=white:size=1280x720:rate=10", *lines, *(f"drawbox={box}:t=fill" for box in boxes)])


def two_pages(target: Path) -> None:
    """A page, from second 4 to 5 a fade, and another page until second 10."""
    pages = lavfi(_page("black"), _page("teal", "x=0:y=0:w=180:h=720:color=navy"))
    make(target, *pages, "-t", "10", "-filter_complex", "xfade=duration=1:offset=4", *H264)


def small_changes(target: Path) -> None:
    """At second 3 the pointer jumps, at 6 a word is typed, at 9 a menu opens."""
    pointer = "w=12:h=20:color=black"
    boxes = (
        f"x=700:y=300:{pointer}:enable='lt(t,3)'",
        f"x=900:y=500:{pointer}:enable='gte(t,3)'",
        "x=700:y=60:w=120:h=16:color=gray:enable='gte(t,6)'",
        "x=0:y=0:w=180:h=400:color=green:enable='gte(t,9)'",
    )
    make(target, *lavfi(_page("black", *boxes)), "-t", "12", *H264)


def black_at_first(target: Path) -> None:
    """Four seconds of black before the page appears."""
    make(target, *lavfi(_page("black", "x=0:y=0:w=1280:h=720:color=black:enable='lt(t,4)'")), "-t", "10", *H264)


def pages_without_index(target: Path) -> None:
    """Two pages as a browser records them: without duration and index."""
    pages = lavfi(_page("black"), _page("teal"))
    argv = [ffmpeg.executable(), "-nostdin", "-loglevel", "error", *pages, "-t", "8"]
    with target.open("wb") as file:
        change = ("-filter_complex", "xfade=duration=0.2:offset=4,scale=640:360")
        subprocess.run([*argv, *change, *LIVE_WEBM, "-live", "1", "pipe:1"], stdout=file, check=True)
