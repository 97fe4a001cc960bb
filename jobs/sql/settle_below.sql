-- Ends the jobs that wait for this one, and those that wait for them, because it will not complete.
WITH RECURSIVE below AS (
    SELECT id FROM background_jobs WHERE depends_on_id = %(job)s AND status = 'pending'
    UNION
    SELECT j.id FROM background_jobs j JOIN below ON j.depends_on_id = below.id WHERE j.status = 'pending'
), gone AS (
    DELETE FROM job_queue USING below WHERE job_id = below.id AND token IS NULL
    RETURNING job_id
)
UPDATE background_jobs j SET
    status = %(to)s::text,
    completed_at = statement_timestamp(),
    error_data = %(error)s,
    cancel_requested_at = CASE WHEN %(to)s::text = 'cancelled' THEN statement_timestamp() END,
    next_retry_at = NULL
FROM gone
WHERE j.id = gone.job_id AND j.status = 'pending';
