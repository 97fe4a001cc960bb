"""Brings a machine that has only Python to a complete virtual environment. Uses the standard library alone.

    python3 -I trainai/bootstrap.py [uv sync options]

uv is taken from the PATH when it is recent enough, else its wheel is fetched (by pip where there is one, else from
the package index) into `var/tools`, checked against the sums below. uv then installs what `uv.lock` says.
"""

import configparser
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
TOOLS = REPOSITORY / "var" / "tools"
OLDEST_PYTHON = (3, 11)
OLDEST_UV = (0, 8)
UV_VERSION = "0.13.9"
# The sums that the package index publishes for this version's wheels.
UV_WHEELS = {
    ("x86_64", "glibc"): (
        f"uv-{UV_VERSION}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("aarch64", "glibc"): (
        f"uv-{UV_VERSION}-py3-none-manylinux_2_28_aarch64.whl",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
}
DEFAULT_INDEX = "https://pypi.org/simple"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class BootstrapError(Exception):
    """One sentence: what is missing and what to do."""


def main() -> None:
    try:
        install(sys.argv[1:])
    except BootstrapError as error:
        sys.exit(f"TrainAI cannot be set up: {error}")
    except KeyboardInterrupt:
        sys.exit("Stopped. Run the same command again to go on.")


def install(options: list[str]) -> None:
    """Install the packages of `uv.lock` into `.venv`."""
    if sys.version_info < OLDEST_PYTHON:
        raise BootstrapError(f"Python 3.11 or newer is needed, this is {platform.python_version()}: install python3.")
    if not os.access(REPOSITORY, os.W_OK):
        raise BootstrapError(f"{REPOSITORY} belongs to another user: run as that user, or clone it again.")
    uv = find_uv() or fetch_uv()
    say("Installing the packages" if not (REPOSITORY / ".venv").exists() else "Checking the packages")
    # --inexact: what another target installed stays.
    command = [str(uv), "sync", "--frozen", "--inexact", *options]
    if not (REPOSITORY / ".venv").exists():
        command += ["--python", sys.executable]
    if subprocess.run(command, cwd=REPOSITORY, env=environment()).returncode:
        raise BootstrapError(
            "the packages could not be installed (uv says why above); then run the same command again."
        )


def find_uv() -> Path | None:
    """Return a uv that is recent enough: the one on the PATH, or the one fetched before."""
    for found in (shutil.which("uv"), TOOLS / f"uv-{UV_VERSION}"):
        if found and (version := version_of(Path(found))) and version >= OLDEST_UV:
            return Path(found)
    return None


def version_of(uv: Path) -> tuple[int, ...] | None:
    """Return the version a uv reports, None when it does not run."""
    try:
        said = subprocess.run([uv, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(part) for part in re.findall(r"\d+", said)[:3])


def fetch_uv() -> Path:
    """Fetch uv's wheel and return the program out of it."""
    name, checksum = wheel_of_this_machine()
    TOOLS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
        wheel = Path(folder) / name
        say(f"Fetching uv {UV_VERSION}, the installer")
        if not fetch_with_pip(wheel):
            fetch_from_index(wheel)
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != checksum:
            raise BootstrapError(f"{name} from the package index is not the published file: check the index setting.")
        return unpack(wheel)


def wheel_of_this_machine() -> tuple[str, str]:
    """Return the wheel's file name and its sha256."""
    kind = (platform.machine(), "glibc" if platform.libc_ver()[0] == "glibc" else "other")
    if kind not in UV_WHEELS:
        raise BootstrapError(f"no uv is known for {' '.join(kind)}: install uv {UV_VERSION} yourself and run again.")
    return UV_WHEELS[kind]


def fetch_with_pip(wheel: Path) -> bool:
    """Fetch by pip, which knows this machine's indexes, proxies and certificates. False when that fails."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    done = subprocess.run([*pip, "--dest", wheel.parent, f"uv=={UV_VERSION}"], capture_output=True, check=False)
    return done.returncode == 0 and wheel.exists()


def fetch_from_index(wheel: Path) -> None:
    """Fetch from the simple index (PEP 503) that pip or uv would use."""
    try:
        with urllib.request.urlopen(f"{index()}/uv/", timeout=60) as answer:
            address = urllib.parse.urljoin(answer.url, link_to(wheel.name, answer.read().decode()))
        with urllib.request.urlopen(address, timeout=60) as answer, wheel.open("wb") as file:
            total = int(answer.headers.get("Content-Length") or 0)
            while piece := answer.read(1 << 18):
                file.write(piece)
                show_progress(file.tell(), total)
    except (OSError, urllib.error.URLError) as error:
        raise BootstrapError(f"the package index {index()} does not answer ({error}): check the network.") from None


def index() -> str:
    """Return the package index's address, without its last slash."""
    address = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL")
    if not address:
        config = configparser.ConfigParser(interpolation=None, strict=False)
        config.read(pip_config_files())
        address = config.get("global", "index-url", fallback=DEFAULT_INDEX)
    return address.rstrip("/")


def pip_config_files() -> list[str]:
    """Return the files that pip reads, the strongest last (pip manual, Configuration)."""
    home = Path(os.environ.get("HOME") or "/nonexistent")
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = ["/etc/pip.conf", home / ".pip/pip.conf", config / "pip/pip.conf", os.environ.get("PIP_CONFIG_FILE")]
    return [str(file) for file in files if file]


def link_to(name: str, page: str) -> str:
    """Return the address of the file called `name` on an index page."""
    links = [
        link for link in re.findall(r'href="([^"#]+)', page) if urllib.parse.unquote(link).rpartition("/")[2] == name
    ]
    if not links:
        raise BootstrapError(f"the package index {index()} has no {name}: set PIP_INDEX_URL to one that has it.")
    return str(links[0])


def unpack(wheel: Path) -> Path:
    """Take the program out of the wheel."""
    program = TOOLS / f"uv-{UV_VERSION}"
    unfinished = wheel.with_suffix(".program")
    with zipfile.ZipFile(wheel) as archive:
        unfinished.write_bytes(archive.read(f"uv-{UV_VERSION}.data/scripts/uv"))
    unfinished.chmod(0o755)
    unfinished.replace(program)
    return program


def environment() -> dict[str, str]:
    """Return the environment for uv: no foreign virtual environment, a cache that can be written.

    Where the system has certificates, uv trusts them as pip does: a company's proxy signs with its own.
    """
    variables = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    chosen = {"UV_CACHE_DIR", "XDG_CACHE_HOME"} & variables.keys()
    if not chosen and not writable(Path(variables.get("HOME", "/nonexistent"))):
        variables["UV_CACHE_DIR"] = str(REPOSITORY / "var" / "cache" / "uv")
    if SYSTEM_CERTIFICATES.exists():
        variables.setdefault("UV_SYSTEM_CERTS", "true")
    return variables


def writable(home: Path) -> bool:
    """Whether uv can keep its cache under this home."""
    existing = next(folder for folder in (home / ".cache" / "uv", home / ".cache", home, Path("/")) if folder.exists())
    return existing != Path("/") and os.access(existing, os.W_OK)


def say(line: str) -> None:
    print(f"TrainAI: {line}", flush=True)


_shown = 0.0


def show_progress(done: int, total: int) -> None:
    """Show the percentage: in place on a terminal, else a line every few seconds and at the end."""
    global _shown
    if total and (done >= total or time.monotonic() - _shown > (0.1 if sys.stdout.isatty() else 5)):
        _shown = time.monotonic()
        end = "\r" if sys.stdout.isatty() and done < total else "\n"
        print(f"  {done * 100 // total:3d} % of {total / 1e6:.0f} MB", end=end, flush=True)


if __name__ == "__main__":
    main()
