-- Gives a failed or cancelled job a new life in the queue, its attempts numbered on, its stored steps kept.
-- One that was cancelled while it ran waits a moment: its old process may still be winding down.
WITH job AS (
    UPDATE background_jobs j SET
        status = 'pending', completed_at = NULL, cancel_requested_at = NULL, error_data = NULL,
        retry_count = 0, progress_percentage = 0, progress_message = ''
    FROM background_jobs earlier
    WHERE j.id = %(job)s AND earlier.id = j.id AND j.status = ANY(%(sources)s)
    RETURNING j.id, j.company_id, j.job_type, j.priority, earlier.status AS was, earlier.completed_at AS ended
)
INSERT INTO job_queue (job_id, company_id, job_type, priority, run_at, attempt, awaited)
SELECT id, company_id, job_type, priority,
    CASE WHEN NOT %(blocked)s THEN GREATEST(
        statement_timestamp(),
        CASE WHEN was = 'cancelled' AND EXISTS (
            SELECT 1 FROM job_attempts a WHERE a.job_id = job.id AND a.outcome = 'cancelled'
        ) THEN ended + make_interval(secs => %(winding_down)s) END
    ) END,
    (SELECT COALESCE(max(number), 0) FROM job_attempts a WHERE a.job_id = job.id AND outcome <> 'handed_back'),
    EXISTS (SELECT 1 FROM background_jobs d WHERE d.depends_on_id = job.id)
FROM job
RETURNING job_id;
