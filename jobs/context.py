"""What a handler is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:  # what a provider imports must not need a set up Django: benchmarks use providers without one
    from jobs.models import BackgroundJob

T = TypeVar("T")


class Work(Protocol):
    """What whoever does the work for a handler may use of its attempt.

    Every method may raise an `Interrupted` (cancelled, lease lost, handed back); let it pass.
    """

    @property
    def scratch(self) -> Path:
        """A folder of this attempt's own, deleted when the attempt ends, however it ends."""

    def report(self, percent: float, message: str = "") -> None:
        """Tell the page how far the work is: `percent` 0 to 100, `message` one short phrase for a person."""

    def check(self) -> None:
        """Raise when the attempt must end (cancel, lease lost, hand back). Cheap; call it in every loop."""

    def run(
        self,
        argv: Sequence[str],
        *,
        on_line: Callable[[str], None] | None = None,
        timeout: float | None = None,
        memory_limit: int | None = None,
    ) -> str:
        """Run a child process to its end and return its last lines of stderr.

        The child and its children die with the attempt. `on_line` gets each line of its stdout. Raises
        `ProcessFailed` (with `returncode` and `stderr`) when it exits non-zero, `ProcessTimeout` after
        `timeout` seconds. `memory_limit` is in bytes of address space.
        """


class Context(Work, Protocol):
    """The running attempt, as a handler sees it."""

    job: BackgroundJob
    input: Mapping[str, Any]

    def step(self, name: str, run: Callable[[], T]) -> T:
        """Run `run` once per job: its JSON result is stored, and a later attempt gets the stored result."""

    def stored_steps(self) -> frozenset[str]:
        """Return the names of the steps whose results are stored."""

    def owned(self) -> AbstractContextManager[None]:
        """Open a transaction for the handler's own rows that commits only while the attempt owns the job."""
