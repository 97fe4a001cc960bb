-- Gives unfinished jobs made since a moment their place in the queue back, should somebody have changed rows by hand.
WITH lost AS (
    SELECT j.id FROM background_jobs j
    WHERE j.created_at >= %(since)s AND j.status IN ('pending', 'processing')
        AND NOT EXISTS (SELECT 1 FROM job_queue q WHERE q.job_id = j.id)
    FOR UPDATE SKIP LOCKED
), pending AS (
    UPDATE background_jobs j SET status = 'pending' FROM lost WHERE j.id = lost.id
    RETURNING j.id, j.company_id, j.job_type, j.priority, j.depends_on_id
), freed AS (
    UPDATE job_queue q SET run_at = statement_timestamp()
    FROM background_jobs j LEFT JOIN background_jobs before ON before.id = j.depends_on_id
    WHERE q.run_at IS NULL AND j.id = q.job_id AND (before.id IS NULL OR before.status = 'completed')
)
INSERT INTO job_queue (job_id, company_id, job_type, priority, run_at, attempt, awaited)
SELECT id, company_id, job_type, priority,
    CASE WHEN depends_on_id IS NULL OR EXISTS (
        SELECT 1 FROM background_jobs b WHERE b.id = pending.depends_on_id AND b.status = 'completed'
    ) THEN statement_timestamp() END,
    (SELECT COALESCE(max(number), 0) FROM job_attempts a WHERE a.job_id = pending.id AND outcome <> 'handed_back'),
    EXISTS (SELECT 1 FROM background_jobs d WHERE d.depends_on_id = pending.id)
FROM pending
ON CONFLICT (job_id) DO NOTHING;
