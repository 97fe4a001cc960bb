-- Ends a job: out of the queue, its open attempt closed, its row final. With a token only the holder of that
-- lease may; without one (a person cancels) the row's lock decides who was first. With `alone` only a job that no
-- other waits for is ended: then this statement is all there is to do.
WITH gone AS (
    DELETE FROM job_queue
    WHERE job_id = %(job)s AND (%(token)s::uuid IS NULL OR token = %(token)s::uuid)
        AND NOT (%(alone)s AND awaited)
    RETURNING job_id, token
), ended AS (
    UPDATE job_attempts a SET
        ended_at = statement_timestamp(), outcome = %(outcome)s, error_data = %(error)s,
        progress_percentage = CASE WHEN %(to)s = 'completed' THEN 100 ELSE j.progress_percentage END
    FROM gone JOIN background_jobs j ON j.id = gone.job_id WHERE a.id = gone.token
)
UPDATE background_jobs j SET
    status = %(to)s,
    completed_at = statement_timestamp(),
    output_data = CASE WHEN %(to)s = 'completed' THEN %(output)s ELSE j.output_data END,
    error_data = CASE WHEN %(to)s = 'completed' THEN NULL ELSE COALESCE(%(error)s, j.error_data) END,
    progress_percentage = CASE WHEN %(to)s = 'completed' THEN 100 ELSE j.progress_percentage END,
    progress_message = CASE WHEN %(to)s = 'completed' THEN '' ELSE j.progress_message END,
    cancel_requested_at = CASE WHEN %(to)s = 'cancelled' THEN statement_timestamp() END,
    next_retry_at = NULL
FROM gone
WHERE j.id = gone.job_id AND j.status = ANY(%(sources)s)
RETURNING CASE WHEN %(to)s = 'cancelled' AND gone.token IS NOT NULL
    THEN pg_notify('job_interrupt', j.id::text)::text END;
