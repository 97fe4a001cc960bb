-- Ends the jobs that wait for one of these, because these will not complete. What waits for those it ends is for the
-- next call: being a statement of its own, that one sees what was enqueued behind them while this one waited for the
-- enqueuer's lock.
WITH gone AS (
    DELETE FROM job_queue q USING background_jobs j
    WHERE j.depends_on_id = ANY(%(jobs)s) AND j.status = 'pending' AND q.job_id = j.id AND q.token IS NULL
    RETURNING q.job_id
)
UPDATE background_jobs j SET
    status = %(to)s::text,
    completed_at = statement_timestamp(),
    error_data = %(error)s,
    cancel_requested_at = CASE WHEN %(to)s::text = 'cancelled' THEN statement_timestamp() END,
    next_retry_at = NULL
FROM gone
WHERE j.id = gone.job_id AND j.status = 'pending'
RETURNING j.id;
