"""The guide's tests, in its order. Each says what it saw and what was wrong."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jobs import queue, workers
from jobs.errors import NotAllowed
from jobs.models import BackgroundJob, JobAttempt, JobQueue, Worker
from trainai import serving
from trainings import following
from trainings.verification.result import Result
from trainings.verification.scene import PATIENCE_SECONDS, Scene
from trainings.verification.sockets import Page

PIPELINE = ("transcription", "mux_upload", "sop_generation", "step_pictures")
CROWD = 20
HEAR_SECONDS = 10.0
LIVE_SECONDS = 2.0
CANCEL_SECONDS = 10.0
_START = "Start the installation with `make run`, or `manage.py qcluster` beside a web server."
_READ_LOG = "Read the error of that job at the desk, /admin/jobs/."


def creation(scene: Scene) -> Result:
    """Test 1: the recording is stored and its jobs exist at once."""
    result = Result("Job Creation")
    upload = scene.training.upload
    result.check(upload.is_complete and upload.holds_its_bytes, "The recording is not on disk.", "Check MEDIA_ROOT.")
    jobs = list(BackgroundJob.objects.filter(user=scene.user).order_by("-created_at"))
    made = {job.job_type for job in jobs}
    result.check(made == set(PIPELINE), f"Jobs were made for {', '.join(sorted(made)) or 'nothing'} only.")
    result.notes.append(f"{len(jobs)} jobs for a recording of {upload.size or 0:,} bytes")
    return result


def processing(scene: Scene) -> Result:
    """Test 2: every job of the recording is completed, with output; the endpoint lets in who has the token."""
    result = Result("Job Processing")
    result.notes.append(f"{workers.alive()} live workers" if workers.alive() else "no live worker: processed here")
    for job in BackgroundJob.objects.filter(training=scene.training, job_type__in=PIPELINE).order_by("created_at"):
        job = scene.finish(job, PATIENCE_SECONDS)
        message = (job.error_data or {}).get("message", "")
        result.check(job.status == "completed", f"{job.job_type} is {job.status}: {message}", _READ_LOG)
        result.check(job.output_data is not None or job.status != "completed", f"{job.job_type} stored no output.")
        if job.started_at and job.completed_at:
            result.notes.append(f"{job.job_type} took {(job.completed_at - job.started_at).total_seconds():.1f} s")
    _endpoint(result)
    return result


def _endpoint(result: Result) -> None:
    """The guide's `curl`, with our port."""
    address, token = f"http://127.0.0.1:{serving.port()}/api/jobs/process", settings.BACKGROUND_JOB_TOKEN
    body = {"jobTypes": ["transcription", "sop_generation"]}
    try:
        with httpx.Client(trust_env=False, timeout=60) as client:
            refused = client.post(address, json=body).status_code
            wanted = 401 if token else 503
            result.check(refused == wanted, f"{address} without a token answers {refused} instead of {wanted}.")
            if token:
                answer = client.post(address, json=body, headers={"Authorization": f"Bearer {token}"})
                result.check(answer.status_code in (200, 202), f"{address} answers {answer.status_code}.")
            else:
                result.notes.append("no BACKGROUND_JOB_TOKEN is set: the endpoint is closed")
    except httpx.HTTPError:
        result.check(False, f"No web server answers at 127.0.0.1:{serving.port()}.", _START)


def live(scene: Scene, pages: list[Page]) -> Result:
    """Test 3: every open page heard every job to its end, soon and in order."""
    result = Result("Real-time Updates")
    result.check(bool(pages), f"No web server answers at 127.0.0.1:{serving.port()}.", _START)
    late: list[float] = []
    ended = [
        (job, job.completed_at) for job in BackgroundJob.objects.filter(training=scene.training) if job.completed_at
    ]
    for page in pages:
        page.wait_for({str(job.pk): job.status for job, _ in ended}, HEAR_SECONDS)
        result.check(page.disorder == 0, f"{page.disorder} messages came out of order.")
        for job, ended_at in ended:
            said, at = page.heard.get(str(job.pk), ({"status": "unheard of"}, time.time()))
            result.check(said["status"] == job.status, f"A page believes {job.job_type} is {said['status']}.")
            late.append(at - ended_at.timestamp())
    if pages:
        result.notes.append(f"{len(pages)} pages, {sum(page.messages for page in pages)} messages")
    if late:
        middle = statistics.median(late)
        result.check(middle < LIVE_SECONDS, f"Half of the ends were heard after {middle:.1f} s and later.")
        result.notes.append(f"an end is heard after {middle * 1000:.0f} ms in the middle")
    return result


def errors(scene: Scene) -> Result:
    """Test 4: failures are told, tried again by themselves and by hand, and end for good after the last retry."""
    result = Result("Error Handling")
    stumbles, breaks, refuses = (scene.enqueue(do) for do in ("stumble", "break", "refuse"))
    stumbles, breaks, refuses = (scene.finish(job) for job in (stumbles, breaks, refuses))
    result.check(
        (stumbles.status, stumbles.retry_count) == ("completed", 1), "A job that fails once was not tried again."
    )
    result.check(
        (breaks.status, breaks.retry_count) == ("failed", breaks.max_retries),
        f"A job that always fails is {breaks.status} after {breaks.retry_count} of {breaks.max_retries} retries.",
    )
    result.check((refuses.status, refuses.retry_count) == ("failed", 0), "A hopeless job was tried again.")
    for job in (breaks, refuses):
        result.check(bool((job.error_data or {}).get("message")), f"{job.pk} failed without a message.")
    queue.retry(refuses.pk)
    again = scene.finish(refuses)
    result.check(again.attempts.count() == 2, "A retry by hand did not open a new attempt.")
    result.notes.append("retries by itself, by hand, and an end after the last one")
    return result


def cancellation(scene: Scene) -> Result:
    """Test 5: what waits and what runs is cancelled, stops, and leaves nothing behind."""
    result = Result("Job Cancellation")
    waiting = queue.cancel(scene.enqueue("work", run_at=timezone.now() + timedelta(hours=1)).pk)
    result.check(waiting.status == "cancelled", f"A waiting job is {waiting.status} after its cancel.")
    running = scene.wait(scene.enqueue("hang"), lambda job: job.progress_percentage > 0)
    attempt = JobAttempt.objects.filter(job=running).latest("started_at")
    started = time.monotonic()
    running = queue.cancel(running.pk)
    took = time.monotonic() - started
    result.check(running.status == "cancelled", f"A running job is {running.status} after its cancel.")
    result.check(took < CANCEL_SECONDS, f"A cancel took {took:.1f} s.")
    result.check(
        _has_stopped(scene, attempt), f"{attempt.worker} still works on a job {CANCEL_SECONDS:g} s after its cancel."
    )
    left = JobQueue.objects.filter(job__in=(waiting, running)).count()
    result.check(left == 0, f"{left} cancelled jobs are still in the queue.")
    try:
        queue.cancel(scene.finish(scene.enqueue("work")).pk)
        result.check(False, "A completed job could be cancelled.")
    except NotAllowed:
        result.notes.append(f"a running job was cancelled in {took * 1000:.0f} ms")
    return result


def _has_stopped(scene: Scene, attempt: JobAttempt) -> bool:
    """Return whether a worker is done with an attempt: it has begun something else, or is gone."""
    give_up = time.monotonic() + CANCEL_SECONDS
    while time.monotonic() < give_up:
        for job in [scene.enqueue("work") for _ in range(max(1, workers.alive()))]:
            scene.finish(job)
        if JobAttempt.objects.filter(worker=attempt.worker, started_at__gt=attempt.started_at).exists():
            return True
        if attempt.worker not in map(str, Worker.objects.all()):
            return True
    return False


def performance(scene: Scene) -> Result:
    """Many jobs at once do not get into each other's way, and the more urgent start first."""
    result = Result("Performance")
    started = time.monotonic()
    with transaction.atomic():  # so that they come at the same moment
        crowd = [scene.enqueue("work", priority=10 - number % 10) for number in range(CROWD)]
    done = [scene.finish(job) for job in crowd]
    seconds = time.monotonic() - started
    result.check(all(job.status == "completed" for job in done), "Not every job of a crowd was completed.")
    claiming = 2 * max(following.PROCESSES, workers.alive())
    passed = most_passed([(job.started_at, job.priority) for job in done if job.started_at])
    result.check(passed <= claiming, f"A job began before {passed} that were more urgent.", _READ_LOG)
    result.notes.append(f"{CROWD} jobs at once in {seconds:.1f} s")
    return result


def most_passed(begun: Sequence[tuple[datetime, int]]) -> int:
    """Return how many more urgent jobs began after a less urgent one, at most. A few are being taken by others at the
    moment when a worker looks."""
    return max((sum(other < own and later > at for later, other in begun) for at, own in begun), default=0)
