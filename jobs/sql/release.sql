-- Puts a leased job back into the queue: for a retry, to wait for a service, because its worker is told to stop,
-- or because it died.
WITH back AS (
    UPDATE job_queue SET
        token = NULL, leased_until = NULL, worker_id = NULL,
        run_at = GREATEST(statement_timestamp(), %(run_at)s::timestamptz),
        later = COALESCE(%(run_at)s::timestamptz > statement_timestamp(), false),
        attempt = attempt - %(refund)s,
        deaths = deaths + %(deaths)s
    WHERE job_id = %(job)s AND token = %(token)s
    RETURNING job_id, run_at
), ended AS (
    UPDATE job_attempts a SET
        ended_at = statement_timestamp(), outcome = %(outcome)s, error_data = %(error)s,
        progress_percentage = j.progress_percentage
    FROM back JOIN background_jobs j ON j.id = back.job_id WHERE a.id = %(token)s
)
UPDATE background_jobs j SET
    status = 'pending',
    progress_message = '',
    retry_count = j.retry_count + %(retries)s,
    next_retry_at = CASE WHEN %(run_at)s::timestamptz IS NOT NULL THEN back.run_at END,
    error_data = COALESCE(%(error)s, j.error_data)
FROM back
WHERE j.id = back.job_id AND j.status = ANY(%(sources)s)
RETURNING j.id;
