"""The part of Mux that plays: playlists, pieces and pictures of the assets that a `MuxServer` holds.

mux.com/docs/guides/play-your-videos (addresses), /secure-video-playback (tokens), /create-timeline-hover-previews and
/get-images-from-a-video. As there, a signed video answers 403 without its token, and the addresses in its playlists are
good for as long as the token that they were fetched with. Browsers look for every name under localhost on this machine.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import subprocess
import threading
import time
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.mux import Asset, MuxServer
from tests.fakes.server import FakeServer, Request, Response
from trainings.media import ffmpeg

DOMAIN = "mux.localhost"
KEY_ID = "signing-key-id"
PIECE_SECONDS = 2
SIZES = (360, 180)
TILES, TILE_WIDTH, TILE_HEIGHT = 4, 256, 144
_SECRET = b"of the addresses in playlists"
_PUBLIC_FOR = 12 * 3600
"""Seconds for which the addresses in the playlist of a public video are good."""
_TYPES = {"m3u8": "application/vnd.apple.mpegurl", "ts": "video/mp2t", "vtt": "text/vtt", "jpg": "image/jpeg"}
_IMAGES = {"thumbnail.jpg": "t", "storyboard.jpg": "s", "storyboard.vtt": "s"}
"""What there is at the host of pictures, and the `aud` of its tokens."""


def new_key() -> tuple[rsa.RSAPublicKey, str]:
    """Make a signing key: what Mux keeps of it, and what it gives out, in Base64."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return key.public_key(), base64.b64encode(pem).decode()


class MuxPlayback(FakeServer):
    """stream., image. and the hosts of playlists and pieces, all at one port. What it makes lies in `folder`."""

    def __init__(self, mux: MuxServer, folder: Path, key: rsa.RSAPublicKey) -> None:
        super().__init__()
        self.mux = mux
        self.key = key
        self.port = int(self.url.rpartition(":")[2])
        self.domain_url = f"http://{DOMAIN}:{self.port}"
        """What MUX_PLAYBACK_URL is."""
        self._folder = folder
        self._making = threading.Lock()
        self.begin_again()

    def begin_again(self) -> None:
        """Forget what tokens were seen, and have none end before its time."""
        self.ends_before: int | None = None
        """The piece before which all tokens end that were ever seen: once, when it is asked for."""
        self.renews = True
        """Whether tokens made after that end are good; they are not when somebody deletes the key at Mux."""
        self.tokens: set[str] = set()
        """Those of the playlists that were given."""
        self.refused = 0
        """How many requests were not answered well."""
        self._ended = 0

    def respond(self, request: Request) -> Response:
        answer = self._find(request)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        self.refused += answer.status >= 400
        return answer

    def _find(self, request: Request) -> Response:
        host = request.headers["host"].partition(":")[0]
        playback_id, _, name = request.path.strip("/").partition("/")
        if host == f"stream.{DOMAIN}" and playback_id.endswith(".m3u8"):
            return self._master(request, playback_id.removesuffix(".m3u8"))
        asset = self._asset(playback_id)
        if asset and host == f"image.{DOMAIN}" and name in _IMAGES:
            return self._image(request, asset, name)
        if asset and host == f"manifest.cdn.{DOMAIN}" and re.fullmatch(r"\d/rendition\.m3u8", name):
            return self._rendition(request, asset, name)
        if asset and host == f"chunk.cdn.{DOMAIN}" and re.fullmatch(r"\d/\d+\.ts", name):
            return self._piece(request, asset, name)
        return Response(404)

    def _asset(self, playback_id: str) -> Asset | None:
        ready = (asset for asset in self.mux.assets.values() if asset.status == "ready")
        return next((asset for asset in ready if asset.playback_id == playback_id), None)

    def _master(self, request: Request, playback_id: str) -> Response:
        asset = self._asset(playback_id)
        if asset is None:
            return Response(404)
        until = self._until(request, asset, "v")
        if until is None:
            return Response(403)
        self.tokens.update(request.query.get("token", []))
        return self._playlist(asset, "master.m3u8", "manifest", "", until)

    def _rendition(self, request: Request, asset: Asset, name: str) -> Response:
        until = self._signed_until(request)
        if until is None:
            return Response(403)
        return self._playlist(asset, name, "chunk", f"{name.partition('/')[0]}/", until)

    def _piece(self, request: Request, asset: Asset, name: str) -> Response:
        if self.ends_before is not None and int(Path(name).stem) >= self.ends_before:
            self.ends_before = None
            self._ended = max(_claim_of_end(token) for token in self.tokens)
            self.closing.wait(1)  # a token's end is a whole second: one that is made from now on ends later
        if self._signed_until(request) is None:
            return Response(403)
        return _file(self._made(asset) / name)

    def _image(self, request: Request, asset: Asset, name: str) -> Response:
        if self._until(request, asset, _IMAGES[name]) is None:
            return Response(403)
        if not name.endswith(".vtt"):
            return _file(self._made(asset) / name)
        token = "".join(f"?token={token}" for token in request.query.get("token", []))
        address = f"http://image.{DOMAIN}:{self.port}/{asset.playback_id}/storyboard.jpg{token}"
        return Response(body=_tiles(address, _length(self._made(asset))).encode(), headers={"Content-Type": "text/vtt"})

    def _until(self, request: Request, asset: Asset, audience: str) -> int | None:
        """Return until when a request is good by its token; None when it is not."""
        if asset.upload.settings["playback_policies"] == ["public"]:
            return int(time.time()) + _PUBLIC_FOR
        (token,) = request.query.get("token", [""])
        try:
            claims = jwt.decode(
                token, self.key, algorithms=["RS256"], audience=audience, options={"require": ["exp", "aud", "sub"]}
            )
            kid = jwt.get_unverified_header(token).get("kid")
        except jwt.PyJWTError:
            return None
        is_right = kid == KEY_ID and claims["sub"] == asset.playback_id
        return claims["exp"] if is_right and self._is_good(claims["exp"]) else None

    def _signed_until(self, request: Request) -> int | None:
        """Return until when an address out of a playlist is good; None when it is not."""
        until = int(request.query.get("expires", ["0"])[0])
        is_ours = hmac.compare_digest(_signature(request.path, until), request.query.get("signature", [""])[0])
        return until if is_ours and self._is_good(until) else None

    def _is_good(self, until: int) -> bool:
        return until > max(time.time(), self._ended) and (self.renews or not self._ended)

    def _playlist(self, asset: Asset, name: str, host: str, folder: str, until: int) -> Response:
        """Give a playlist whose lines are addresses at another host, signed like its own."""
        lines = (self._made(asset) / name).read_text().splitlines()
        for at, line in enumerate(lines):
            if line and not line.startswith("#"):
                path = f"/{asset.playback_id}/{folder}{line}"
                signed = f"expires={until}&signature={_signature(path, until)}"
                lines[at] = f"http://{host}.cdn.{DOMAIN}:{self.port}{path}?{signed}"
        return Response(body="\n".join(lines).encode(), headers={"Content-Type": _TYPES["m3u8"]})

    def _made(self, asset: Asset) -> Path:
        """Return the folder with an asset's files, made of what was uploaded when they are first asked for."""
        folder = self._folder / asset.id
        with self._making:
            if not folder.exists():
                folder.mkdir()
                (folder / "uploaded").write_bytes(asset.upload.bytes)
                _make(folder)
        return folder


def _make(folder: Path) -> None:
    copies = "".join(f"[copy{at}]" for at in range(len(SIZES)))
    scaled = [f"[copy{at}]scale=-2:{height},format=yuv420p[size{at}]" for at, height in enumerate(SIZES)]
    _run(
        folder,
        *("-filter_complex", ";".join([f"[0:v]split={len(SIZES)}{copies}", *scaled])),
        *(part for at in range(len(SIZES)) for part in ("-map", f"[size{at}]", "-map", "0:a")),
        *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"),
        *("-force_key_frames", f"expr:gte(t,n_forced*{PIECE_SECONDS})", "-hls_time", str(PIECE_SECONDS)),
        *("-f", "hls", "-hls_playlist_type", "vod", "-master_pl_name", "master.m3u8"),
        *("-var_stream_map", " ".join(f"v:{at},a:{at}" for at in range(len(SIZES)))),
        *("-hls_segment_filename", "%v/%d.ts", "%v/rendition.m3u8"),
    )
    _run(folder, "-vf", f"scale=-2:{SIZES[0]}", "-frames:v", "1", "thumbnail.jpg")
    tile = f"scale={TILE_WIDTH}:{TILE_HEIGHT},tile={TILES}x1"
    every = f"fps={TILES}/{_length(folder)}"
    _run(folder, "-vf", f"{every},{tile}", "-frames:v", "1", "storyboard.jpg")


def _run(folder: Path, *arguments: str) -> None:
    argv = [ffmpeg.executable(), "-nostdin", "-loglevel", "error", "-i", "uploaded", *arguments]
    subprocess.run(argv, cwd=folder, check=True)


def _length(folder: Path) -> float:
    """Return the seconds of an asset."""
    return sum(map(float, re.findall(r"#EXTINF:([\d.]+)", (folder / "0/rendition.m3u8").read_text())))


def _tiles(address: str, length: float) -> str:
    """Return which part of the storyboard shows which time."""
    cues = ["WEBVTT"]
    for at in range(TILES):
        start, end = (_clock(length * edge / TILES) for edge in (at, at + 1))
        cues.append(f"{start} --> {end}\n{address}#xywh={at * TILE_WIDTH},0,{TILE_WIDTH},{TILE_HEIGHT}")
    return "\n\n".join(cues) + "\n"


def _clock(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02}:{seconds % 60:06.3f}"


def _signature(path: str, until: int) -> str:
    return hmac.new(_SECRET, f"{path} {until}".encode(), hashlib.sha256).hexdigest()


def _claim_of_end(token: str) -> int:
    return int(jwt.decode(token, options={"verify_signature": False})["exp"])


def _file(path: Path) -> Response:
    if not path.exists():
        return Response(404)
    return Response(body=path.read_bytes(), headers={"Content-Type": _TYPES[path.suffix.removeprefix(".")]})
