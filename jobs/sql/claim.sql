-- Takes the first due row by priority, then time: a new lease, one more attempt, the job processing.
-- A row that another worker is taking at this moment is skipped, so nobody waits.
WITH next AS (
    SELECT id FROM job_queue
    WHERE token IS NULL AND run_at <= statement_timestamp() {only}
    ORDER BY priority, run_at, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE job_queue q SET
        token = gen_random_uuid(),
        leased_until = statement_timestamp() + make_interval(secs => %(lease)s),
        worker_id = %(worker)s,
        attempt = q.attempt + 1
    FROM next WHERE q.id = next.id
    RETURNING q.id, q.job_id, q.payload, q.token, q.attempt, q.deaths
), job AS (
    UPDATE background_jobs j SET
        status = 'processing', started_at = statement_timestamp(), next_retry_at = NULL,
        progress_percentage = 0, progress_message = ''
    FROM taken WHERE j.id = taken.job_id AND j.status = 'pending'
    RETURNING j.*
), begun AS (
    INSERT INTO job_attempts (id, job_id, number, worker, started_at)
    SELECT taken.token, job.id, taken.attempt, %(worker_name)s, statement_timestamp()
    FROM taken JOIN job ON job.id = taken.job_id
)
SELECT job.*, taken.id AS lease_row, taken.job_id AS lease_job, taken.payload AS lease_payload,
    taken.token AS lease_token, taken.attempt AS lease_attempt, taken.deaths AS lease_deaths
FROM taken LEFT JOIN job ON job.id = taken.job_id;
