-- Makes the jobs that waited for this one due. Runs as its own statement after the completion, so that it sees
-- what was enqueued while the completion waited for the enqueuer's lock.
UPDATE job_queue q SET run_at = statement_timestamp()
FROM background_jobs j
WHERE j.depends_on_id = %(job)s AND q.job_id = j.id AND q.run_at IS NULL;
