"""Jobs of sixty days as an installation has them: set by set, by the database itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.engine.load import as_one

if TYPE_CHECKING:
    from trainai.accounts.models import Company, User

DAYS = 60
COMPANIES, TRAININGS = 20, 2_000
TYPES = ["transcription", "sop_generation", "mux_upload", "step_pictures"]
TITLE = "Refund in the till"
"""What one training of many is called."""

_JOBS = """
INSERT INTO background_jobs (
    id, user_id, company_id, training_id, job_type, status, progress_percentage, output_data, error_data, retry_count,
    cancel_requested_at, created_at, started_at, completed_at
)
SELECT
    -- Ordered by time, as `uuid7` makes them.
    (lpad(to_hex((extract(epoch FROM t) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8'
        || substr(md5('x' || n), 1, 15))::uuid,
    %(user)s, training.company_id, training.id, (%(types)s::text[])[1 + n %% 4], state.status,
    CASE state.status WHEN 'completed' THEN 100 WHEN 'pending' THEN 0 ELSE 40 END,
    CASE WHEN state.status = 'completed' THEN jsonb_build_object('words', n, 'said', repeat('word ', 40)) END,
    CASE WHEN state.status = 'failed' THEN
        '{"code": "damaged_file", "message": "The file is damaged.", "retryable": false, "attempt": 1}'::jsonb
    END,
    CASE WHEN state.status = 'failed' AND n %% 2 = 0 THEN 3 ELSE 0 END,
    CASE WHEN state.status = 'cancelled' THEN t END,
    t, CASE WHEN state.status <> 'pending' THEN t + interval '1 second' END,
    CASE WHEN state.status NOT IN ('pending', 'processing') THEN t + make_interval(secs => 2 + n %% 90) END
FROM generate_series(1, %(rows)s) n
CROSS JOIN LATERAL (SELECT now() - interval '15 minutes' - n * %(step)s * interval '1 second' AS t) times
CROSS JOIN LATERAL (SELECT CASE
    WHEN n <= 2 THEN 'processing'
    WHEN n <= 2 + %(rows)s / 1000 THEN 'pending'
    WHEN n %% 50 = 0 THEN 'failed'
    WHEN n %% 50 = 1 THEN 'cancelled'
    ELSE 'completed'
END AS status) state
JOIN (SELECT id, company_id, row_number() OVER (ORDER BY id) AS number FROM trainings_training) training
    ON training.number = 1 + n %% %(trainings)s
"""
_PLACES = """
INSERT INTO job_queue (job_id, company_id, job_type, run_at, token, leased_until)
SELECT id, company_id, job_type, created_at,
    CASE WHEN status = 'processing' THEN gen_random_uuid() END,
    CASE WHEN status = 'processing' THEN now() + interval '1 day' END
FROM background_jobs WHERE status IN ('pending', 'processing')
"""
_ATTEMPTS = """
INSERT INTO job_attempts (id, job_id, number, worker, started_at, ended_at, outcome)
SELECT COALESCE(place.token, gen_random_uuid()), job.id, 1, 'host:1', job.started_at, job.completed_at,
    CASE WHEN place.token IS NULL THEN job.status ELSE '' END
FROM background_jobs job LEFT JOIN job_queue place ON place.job_id = job.id
WHERE job.started_at IS NOT NULL
"""
_STEPS = """
INSERT INTO job_steps (job_id, name, result, seconds, finished_at)
SELECT id, 'probe', '{"seconds": 88.2}', 0.2, completed_at FROM background_jobs
WHERE job_type = 'transcription' AND status = 'completed'
"""


@dataclass(frozen=True)
class People:
    """Who looks at the desk, and for whom the measured jobs are made."""

    operator: User
    user: User
    company: Company


def lay(rows: int) -> People:
    """Put `rows` jobs with their attempts, steps and hours into the tables."""
    from jobs import statistics

    people = _people()
    as_one(
        *(_JOBS, _PLACES, _ATTEMPTS, _STEPS),
        user=people.user.pk,
        types=TYPES,
        rows=rows,
        step=DAYS * 86_400 / rows,
        trainings=TRAININGS,
    )
    statistics.record()  # as the schedule does every hour
    return people


def _people() -> People:
    from trainai.accounts.models import Company, User
    from trainings.models import Training, Upload
    from trainings.models.upload import next_expiry

    companies = Company.objects.bulk_create(Company(name=f"Company {number}") for number in range(COMPANIES))
    user = User.objects.create_user("ana@example.com")
    uploads = Upload.objects.bulk_create(
        Upload(company=companies[n % COMPANIES], user=user, filename="a.mp4", size=1, expires_at=next_expiry())
        for n in range(TRAININGS)
    )
    Training.objects.bulk_create(
        Training(company=upload.company, user=user, upload=upload, title=TITLE if not n else f"Stock count {n}")
        for n, upload in enumerate(uploads)
    )
    return People(User.objects.create_superuser("operator@example.com"), user, companies[0])
