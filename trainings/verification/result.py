"""What a test of the guide came to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Result:
    """One line of the guide's template. `problems` are empty when it passed, `mends` say what to do about them."""

    name: str
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    mends: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong."""
        return not self.problems

    def check(self, right: bool, problem: str, mend: str = "") -> None:
        """Note what is wrong unless it is right."""
        if right:
            return
        self.problems.append(problem)
        if mend and mend not in self.mends:
            self.mends.append(mend)

    def as_json(self) -> dict[str, object]:
        """Return it for a program."""
        return {"passed": self.passed, "notes": self.notes, "problems": self.problems}
