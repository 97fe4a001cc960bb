"""The checker of the chaos campaigns: it finds what is broken, and nothing else."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from bench.chaos import kill_figures
from bench.chaos.crew import Crew
from bench.chaos.figures import figures, spread
from bench.chaos.history import Event
from bench.chaos.index import Index
from bench.chaos.invariants import broken

JOB, OTHER = "job", "other"


class Story:
    """A history as it would be written, a second between two events."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._clock = count(1)

    def add(self, kind: str, **data: Any) -> Story:
        self.events.append({"kind": kind, "t": float(next(self._clock)), **data})
        return self

    def acked(self, job: str = JOB, kind: str = "instant", priority: int = 5) -> Story:
        self.add("acked", job=job, job_kind=kind, priority=priority, waits=False)
        return self.queue("insert", job=job, priority=priority).job("pending", job=job)

    def queue(self, op: str, *, job: str = JOB, was: str | None = None, token: str | None = None, **data: Any) -> Story:
        known = {"attempt_was": 0, "attempt": 0, "deaths_was": 0, "deaths": 0, "run_at": 0.0, "priority": 5}
        return self._row("queue", job, {**known, "op": op, "was": was, "token": token, **data})

    def job(
        self, status: str, *, job: str = JOB, progress: int = 0, output_token: str | None = None, **data: Any
    ) -> Story:
        full = {"progress": 100 if status == "completed" else progress, "version": 1, "retries": 0, "error": None}
        return self._row("job", job, {**full, "status": status, "output_token": output_token, **data})

    def written(self, what: str, token: str, name: str = "only", job: str = JOB) -> Story:
        return self._row(what, job, {"name": name, "token": token})

    def claimed(self, token: str, *, job: str = JOB, attempt: int = 1, priority: int = 5) -> Story:
        known: dict[str, Any] = {
            "attempt_was": attempt - 1,
            "attempt": attempt,
            "priority": priority,
            "worker": f"worker of {token}",
        }
        self.queue("update", job=job, token=token, **known)
        self.job("processing", job=job)
        return self.add("began", job=job, token=token, host="a")

    def lives(self, worker: str) -> Story:
        return self._row("worker", "", {"op": "insert", "worker": worker, "host": "a", "pid": 1})

    def rescued(self, token: str, attempt: int = 1, *, killed: bool = True) -> Story:
        if killed:
            number = len(self.events)
            self.add("fault", number=number, name="kill worker", host="a", held=[])
            self.add("fault_over", number=number, name="kill worker", host="a")
        self.queue("update", was=token, attempt_was=attempt, attempt=attempt, deaths_was=0, deaths=1)
        return self.job("pending")

    def completed(self, token: str, *, job: str = JOB, output: str | None = None) -> Story:
        self.queue("delete", job=job, was=token)
        return self.job("completed", job=job, output_token=output or token).ended("completed", job=job)

    def ended(self, status: str, *, job: str = JOB, code: str | None = None, **data: Any) -> Story:
        known = {"retries": 0, "max_retries": 8, "due": None, "waits_for": None, "token": None}
        return self.add("job", job=job, status=status, code=code, **{**known, **data})

    def _row(self, what: str, job: str, data: dict[str, Any]) -> Story:
        self.add("row", what=what, job=job, seq=len(self.events), **data)
        self.events[-1]["began"] = self.events[-1]["t"] - 0.1
        return self

    @property
    def found(self) -> list[tuple[int, str]]:
        return [(one.invariant, one.what) for one in broken(Index(self.events))]


def test_a_job_that_is_claimed_rescued_and_completed_breaks_nothing() -> None:
    story = Story().acked().claimed("a").rescued("a").claimed("b", attempt=2).written("effect", "b").completed("b")
    assert story.found == []


def test_an_acknowledged_job_that_is_gone_is_lost() -> None:
    assert Story().acked().found == [(1, "it is gone")]


def test_a_job_that_still_waits_when_all_is_done_is_lost() -> None:
    assert Story().acked().ended("pending").found == [(1, "it is pending although there was time to end it")]


def test_a_job_that_failed_without_a_reason_of_its_own_is_lost() -> None:
    assert Story().acked().ended("failed", code="unexpected").found == [(1, "instant ended failed (unexpected)")]


def test_a_job_that_used_up_its_retries_is_not_lost() -> None:
    assert Story().acked().ended("failed", code="unexpected", retries=8).found == []


def test_a_job_failed_for_two_deaths_must_have_had_two() -> None:
    ended = Story().acked().ended("failed", code="worker_died")
    assert ended.found == [(1, "instant ended failed (worker_died)")]
    assert Story().acked().claimed("a").rescued("a").ended("failed", code="worker_died").found == []


def test_a_worker_that_died_of_nothing_is_found() -> None:
    story = Story().acked().claimed("a").rescued("a", killed=False).claimed("b", attempt=2).completed("b")
    assert story.found == [(1, "the worker of a died of nothing")]


def test_a_lease_taken_from_its_holder_is_found() -> None:
    story = Story().acked().claimed("a").queue("update", was="a", token="b").completed("b")
    assert (2, "the lease a was taken by b") in story.found


@pytest.mark.parametrize("what", ["step", "effect"])
def test_a_write_with_an_older_token_is_found(what: str) -> None:
    story = Story().acked().claimed("a").rescued("a").claimed("b", attempt=2).written(what, "a").completed("b")
    assert story.found == [(2, f"{what} only of a was accepted while b held the lease")]


def test_a_completion_with_an_older_token_is_found() -> None:
    story = Story().acked().claimed("a").rescued("a").claimed("b", attempt=2).completed("b", output="a")
    assert story.found == [(2, "the result of a was accepted while b held the lease")]


def test_a_failure_with_an_older_token_is_found() -> None:
    story = Story().acked().claimed("a").rescued("a").claimed("b", attempt=2)
    story.queue("update", was="b", attempt_was=2, attempt=2).job("pending", error={"detail": "a"})
    story.claimed("c", attempt=3).completed("c")
    assert story.found == [(2, "the failure of a was accepted while b held the lease")]


def test_a_final_job_that_moves_again_is_found() -> None:
    story = Story().acked().claimed("a").completed("a").job("completed").job("failed")
    assert story.found == [(3, "completed became failed")]


def test_an_effect_that_happens_twice_is_found() -> None:
    story = Story().acked().claimed("a").written("effect", "a").written("effect", "a").completed("a")
    assert story.found == [(3, "effect only happened twice")]
    assert figures(Index(story.events), broken(Index(story.events)))["double effects"] == 1


def test_paying_again_for_a_stored_step_is_found() -> None:
    story = Story().acked(kind="paying").claimed("a").add("step_asked", job=JOB, token="a", step="first")
    story.add("paid", job=JOB, token="a", step="first").add("step_done", job=JOB, token="a", step="first").rescued("a")
    story.claimed("b", attempt=2).add("paid", job=JOB, token="b", step="first").completed("b")
    assert story.found == [(3, "first was paid again although it was stored")]
    assert figures(Index(story.events), broken(Index(story.events)))["paid twice"] == 1


def test_paying_again_for_a_call_that_a_crash_cut_is_allowed() -> None:
    story = Story().acked(kind="paying").claimed("a").add("paid", job=JOB, token="a", step="first").rescued("a")
    story.claimed("b", attempt=2).add("paid", job=JOB, token="b", step="first").completed("b")
    assert story.found == []
    assert figures(Index(story.events), [])["calls cut by a crash"] == 1


def test_an_attempt_that_is_not_counted_is_found() -> None:
    story = Story().acked().claimed("a").rescued("a").claimed("b", attempt=1).queue("update", was="b").claimed("c")
    assert Story().acked().queue("update", token="a", attempt_was=1, attempt=1).ended("completed").found == [
        (4, "a claim made attempt 1 into 1")
    ]
    assert not [one for one in story.found if one[0] == 4]


def test_a_graceful_stop_that_uses_an_attempt_is_found() -> None:
    story = Story().acked().claimed("a").add("fault", number=1, name="stop host", host="a", held=[[JOB, "a"]])
    story.queue("update", was="a", attempt_was=1, attempt=1).job("pending")
    story.add("fault_over", number=1, name="stop host", host="a").claimed("b", attempt=2).completed("b")
    assert story.found == [(4, "a graceful stop used up an attempt")]


def test_a_lost_cancel_and_a_step_after_it_are_found() -> None:
    story = Story().acked(kind="paying").claimed("a").add("cancel_asked", job=JOB).add("cancel_acked", job=JOB)
    story.add("step_asked", job=JOB, token="a", step="first").add("step_began", job=JOB, token="a", step="first")
    assert (5, "first began after the cancel") in story.found
    assert (5, "its cancel was lost: it is completed") in story.completed("a").found


def test_a_cancel_whose_answer_was_lost_may_have_counted() -> None:
    story = Story().acked().claimed("a")
    assert story.ended("cancelled").found == [(1, "instant ended cancelled (None)")]
    assert story.add("cancel_asked", job=JOB).found == []


def test_a_step_that_was_asked_for_before_the_cancel_may_still_begin() -> None:
    story = Story().acked(kind="paying").claimed("a").add("step_asked", job=JOB, token="a", step="first")
    story.add("cancel_asked", job=JOB).add("cancel_acked", job=JOB).add("step_began", job=JOB, token="a", step="first")
    story.queue("delete", was="a").job("cancelled").ended("cancelled")
    assert story.found == []


def test_a_claim_that_passes_over_a_job_of_higher_priority_is_found() -> None:
    story = Story().acked(OTHER, priority=1).acked(priority=5).claimed("a").completed("a")
    story.claimed("b", job=OTHER, priority=1).completed("b", job=OTHER)
    assert story.found == [(6, "priority 5 was taken while other of 1 waited")]


def test_a_job_that_another_was_just_taking_was_not_passed_over() -> None:
    story = Story().acked(OTHER, priority=1).acked(priority=5).claimed("a").completed("a")
    story.claimed("b", job=OTHER, priority=1).completed("b", job=OTHER)
    taking = next(event for event in story.events if event.get("token") == "b")
    taking["began"] = 0.0
    assert story.found == []


def test_progress_that_falls_within_an_attempt_is_found_and_between_two_is_not() -> None:
    story = Story().acked().claimed("a").job("processing", progress=50).job("processing", progress=40).completed("a")
    assert story.found == [(7, "progress fell from 50 to 40")]
    story = Story().acked().claimed("a").job("processing", progress=50).rescued("a").claimed("b", attempt=2)
    assert story.completed("b").found == []


def test_a_page_that_is_not_told_in_time_is_found() -> None:
    story = Story().add("page_open", page="inside", host="a").acked().claimed("a").completed("a")
    late = [one for one in story.found if one[0] == 8]
    assert late[-1] == (8, "version 1 (completed) did not reach the page in time")


def test_a_page_of_another_company_that_is_told_is_found() -> None:
    story = (
        Story()
        .acked()
        .claimed("a")
        .completed("a")
        .add("page", page="outside", host="a", job=JOB, version=1, status="x")
    )
    assert story.found == [(8, "a page of another company was told")]


def test_what_is_left_behind_is_found() -> None:
    story = Story().acked().claimed("a").completed("a").add("left", items=["process 7 of a"])
    assert story.found == [(9, "left behind: process 7 of a")]


def test_the_time_without_an_owner_is_counted_from_the_death() -> None:
    story = Story().acked().claimed("a").add("fault", number=1, name="kill worker", host="a", held=[[JOB, "a"]])
    story.rescued("a", killed=False).add("fault_over", number=1, name="kill worker", host="a").claimed(
        "b", attempt=2
    ).completed("b")
    found = figures(Index(story.events), [])
    assert (found["kills"], found["longest unowned"]) == (1, 4.0)
    assert found["worker's death noticed"]["max"] == 1.0


@pytest.mark.parametrize(("idle", "again"), [([], 1.0), (["somebody"], 4.0)])
def test_a_job_that_waits_for_its_turn_is_told_from_one_that_waits_beside_an_idle_worker(
    idle: list[str], again: float
) -> None:
    story = Story()
    for worker in idle:
        story.lives(worker)
    story.acked().claimed("a").add("fault", number=1, name="kill worker", host="a", held=[[JOB, "a"]])
    story.rescued("a", killed=False).add("fault_over", number=1).claimed("b", attempt=2).completed("b")
    found = figures(Index(story.events), [])
    assert found["its job runs again"]["max"] == again
    assert found["with its turn in line"]["max"] == 4.0


@pytest.mark.parametrize(("seconds", "counted"), [(0.5, 0), (1.5, 1)])
def test_a_host_that_is_lost_too_before_the_death_could_be_noticed_says_nothing_of_that(
    seconds: float, counted: int
) -> None:
    story = Story().acked().claimed("a").add("fault", number=1, name="kill worker", host="a", held=[[JOB, "a"]])
    killed = story.events[-1]["t"]
    story.add("fault_over", number=1).add("fault", number=2, name="lose host", host="a", held=[])
    story.events[-2]["t"], story.events[-1]["t"] = killed + 0.3, killed + seconds
    story.rescued("a", killed=False).claimed("b", attempt=2).add("fault_over", number=2)
    assert figures(Index(story.events), [])["worker's death noticed"]["n"] == counted


def test_a_worker_is_idle_when_nothing_of_its_code_runs() -> None:
    story = Story().lives("worker of a").acked().claimed("a").queue("delete", was="a").job("cancelled")
    assert idle(story) == 4.0  # before its job, whose code goes on after the cancel
    assert idle(story.add("ended", token="a").add("later")) == 5.0


@pytest.mark.parametrize("name", ["kill sentinel", "kill worker", "freeze host", "freeze worker", "cut off"])
def test_a_worker_that_is_dead_or_frozen_is_not_idle(name: str) -> None:
    story = Story().lives("worker of a").acked().claimed("a").add("ended", token="a").completed("a")
    before = idle(story.add("fault", number=1, name=name, host="a", held=[[JOB, "a"]]))
    assert before == 7.0
    assert idle(story.add("fault_over", number=1)) == before
    assert (idle(story.add("later")) > before) == (not name.startswith("kill"))


def idle(story: Story) -> float:
    return Crew(Index(story.events)).idle(0.0, float(len(story.events)))


def test_a_spread_of_nothing_says_so() -> None:
    assert spread([]) == {"n": 0}
    assert spread([2.0]) == {"n": 1, "p50": 2.0, "p95": 2.0, "p99": 2.0, "max": 2.0}


def test_what_a_kill_cut_is_counted_until_it_runs_again_or_for_ever() -> None:
    story = Story()
    for number in (1, 2):
        story.add("acked", number=number).add("began", number=number, pid=number).add("killed", pid=number)
    story.add("began", number=1, pid=3).add("ended", number=1).add("calm").add("over")
    found = kill_figures.figures(story.events)
    assert (found["lost"], found["doubled"], found["cut by a kill"]) == (1, 0, 2)
    assert found["longest unowned"] == 4.0


def test_a_task_that_ends_twice_is_doubled() -> None:
    story = Story().add("acked", number=1).add("ended", number=1).add("ended", number=1).add("calm").add("over")
    assert kill_figures.figures(story.events)["doubled"] == 1
