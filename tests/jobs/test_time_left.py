"""How long work will still take: said as a range, honest, or not at all."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from jobs import pace, time_left
from jobs.models import BackgroundJob
from jobs.pace import Past, Run
from jobs.testing import run_due_jobs
from tests.jobs.conftest import Make
from tests.trainings.making import bare_training, ready_training
from trainai.accounts.models import User
from trainings.models import Training, Upload

NOW = timezone.now()
TYPE = "transcription"


def running(percent: int = 0, seconds: float = 30.0, media: float = 100.0, **values: object) -> BackgroundJob:
    training = Training(duration=media, upload=Upload())
    started = NOW - datetime.timedelta(seconds=seconds)
    return BackgroundJob(
        job_type=TYPE, status="processing", progress_percentage=percent, started_at=started, training=training, **values
    )


def past(*took: float, media: float = 100.0) -> Past:
    return Past({TYPE: [Run(each, media) for each in took]})


def test_without_history_it_is_a_straight_line_and_unknown_at_first() -> None:
    assert time_left.words(running(3), NOW) == ""
    assert time_left.words(running(50), NOW) == "7 to 45 s left"
    assert time_left.words(running(50, retry_count=1), NOW) == ""


def test_history_tells_from_the_first_second_also_without_a_percent() -> None:
    least, most = time_left.seconds(running(0, 5.0), NOW, past(38, 40, 42)) or (0, 0)
    assert (least, most) == pytest.approx((33 * 0.75, 37 * 1.2))


def test_what_takes_longer_than_usual_is_not_told() -> None:
    assert time_left.seconds(running(0, 60.0), NOW, past(38, 40, 42)) is None


def test_its_own_speed_widens_the_range_where_it_differs_from_history() -> None:
    steady = past(*[40.0] * 12)
    least, most = time_left.seconds(running(50, 20.0), NOW, steady) or (0, 0)
    assert (least, most) == (20.0 * 0.75, 20.0)
    slower = time_left.seconds(running(50, 60.0), NOW, steady) or (0, 0)
    assert slower == (20.0 * 0.75, 60.0)


def test_one_slow_run_before_makes_no_range_useless() -> None:
    least, most = time_left.seconds(running(0, 5.0), NOW, past(38, 39, 40, 41, 400)) or (0, 0)
    assert (least, most) == pytest.approx((33 * 0.75, 36 * 1.2))


def test_less_than_a_second_is_about_a_second() -> None:
    assert time_left.words(running(0, 0.1), NOW, past(*[0.2] * 12)) == "about 1 s left"


def test_what_was_asked_to_stop_has_no_time_left() -> None:
    assert time_left.words(running(50, cancel_requested_at=NOW), NOW) == ""


def test_two_runs_are_no_history() -> None:
    assert time_left.seconds(running(0, 5.0), NOW, past(38, 40)) is None


def test_a_recording_of_another_length_counts_both_ways() -> None:
    least, most = time_left.seconds(running(0, 0.0, media=1000.0), NOW, past(*[10.0] * 12)) or (0, 0)
    assert (least, most) == (7.5, 100.0)


def test_the_whole_is_the_longest_way_through_what_waits_for_what() -> None:
    first = running(50, 4.0)
    second = BackgroundJob(job_type="sop_generation", status="pending", depends_on=first, training=first.training)
    beside = BackgroundJob(job_type="mux_upload", status="completed", training=first.training)
    known = Past({TYPE: [Run(8, 100)] * 12, "sop_generation": [Run(10, 100)] * 12})
    own = time_left.seconds(first, NOW, known)
    assert own
    assert time_left.whole([first, second, beside], NOW, known) == (own[0] + 7.5, own[1] + 10)
    in_line = BackgroundJob(job_type="mux_upload", status="pending", training=first.training)
    assert time_left.whole([first, second, in_line], NOW, known) is None
    assert time_left.whole([beside], NOW, known) is None


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (None, ""),
        ((23.0, 38.0), "20 to 40 s left"),
        ((57.0, 61.0), "55 s to 2 min left"),
        ((60.0, 60.0), "about 1 min left"),
        ((3.7, 4.2), "3 to 5 s left"),
        ((3500.0, 4000.0), "58 min to 2 h left"),
    ],
)
def test_a_range_is_rounded_outwards(span: time_left.Span | None, told: str) -> None:
    assert time_left.said(span) == told


@pytest.mark.django_db
def test_only_what_was_done_by_the_same_provider_counts(alice: User, handle: Make) -> None:
    handle(TYPE, lambda context: {}, label="Listening", by=lambda: "ear")
    for by in ("ear", "other"):
        training = ready_training(alice)
        Training.objects.filter(pk=training.pk).update(duration=50.0)
        BackgroundJob.objects.filter(training=training).update(output_data={"by": by})
    job = BackgroundJob(job_type=TYPE, training=bare_training(alice))
    assert pace.Past().like(job, 100.0) == [Run(2.5, 50.0)]


@pytest.mark.django_db
def test_who_did_it_is_kept_with_the_output(handle: Make, enqueue: Make) -> None:
    handle("dig", lambda context: {"holes": 1}, label="Digging", by=lambda: "spade")
    job = enqueue("dig")
    run_due_jobs()
    job.refresh_from_db()
    assert job.output_data == {"by": "spade", "holes": 1}
