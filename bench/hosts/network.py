"""Hosts on one machine: network namespaces on a bridge, each with an address of its own, whose cables can be pulled."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class Impossible(Exception):
    """This machine cannot make network namespaces. The message says what it lacks."""


class Network:
    """A bridge `10.77.N.1` and a namespace for each host, `10.77.N.11` and on."""

    def __init__(self, hosts: Sequence[str]) -> None:
        self._mark = os.getpid() % 60_000
        self._bridge = f"tb{self._mark}"
        self._hosts = list(hosts)
        self._third = self._mark % 250

    @property
    def here(self) -> str:
        """The address of this machine that every host reaches."""
        return f"10.77.{self._third}.1"

    def address(self, host: str) -> str:
        """Return a host's address."""
        return f"10.77.{self._third}.{11 + self._hosts.index(host)}"

    def inside(self, host: str) -> list[str]:
        """Return what stands before a command that runs on a host."""
        return ["ip", "netns", "exec", self._space(host)]

    def make(self) -> None:
        """Make it all. Raises Impossible."""
        if os.geteuid() or not shutil.which("ip"):
            raise Impossible("network namespaces need root and iproute2")
        try:
            _ip("link", "add", self._bridge, "type", "bridge")
            _ip("addr", "add", f"{self.here}/24", "dev", self._bridge)
            _ip("link", "set", self._bridge, "up")
            for host in self._hosts:
                self._add(host)
        except subprocess.CalledProcessError as error:
            raise Impossible(f"no network namespaces here: {error.stderr.strip()}") from None

    def _add(self, host: str) -> None:
        space, cable = self._space(host), self._cable(host)
        _ip("netns", "add", space)
        _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
        _ip("link", "set", cable, "master", self._bridge, "up")
        for command in (
            ["addr", "add", f"{self.address(host)}/24", "dev", "eth0"],
            ["link", "set", "eth0", "up"],
            ["link", "set", "lo", "up"],
        ):
            _ip("-n", space, *command)

    def cut(self, host: str) -> None:
        """Pull the cable: nothing is refused, packets just vanish."""
        _ip("link", "set", self._cable(host), "nomaster", "down")

    def mend(self, host: str) -> None:
        """Plug it in again."""
        _ip("link", "set", self._cable(host), "master", self._bridge, "up")

    def remove(self) -> None:
        """Take all of it down."""
        for host in self._hosts:
            subprocess.run(["ip", "netns", "del", self._space(host)], capture_output=True, check=False)
        subprocess.run(["ip", "link", "del", self._bridge], capture_output=True, check=False)

    def _space(self, host: str) -> str:
        return f"trainai-{self._mark}-{host}"

    def _cable(self, host: str) -> str:
        return f"tb{self._mark}{host}"


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


@contextmanager
def network(hosts: Sequence[str]) -> Iterator[Network]:
    """Give a network, and take it down. Raises Impossible."""
    made = Network(hosts)
    try:
        made.make()
        yield made
    finally:
        made.remove()
