-- Makes the jobs that waited for this one due. Runs as its own statement after the completion, so that it sees
-- what was enqueued while the completion waited for the enqueuer's lock. Their rows are touched so that the pages
-- hear of what they wait for now.
WITH freed AS (
    UPDATE job_queue q SET run_at = statement_timestamp()
    FROM background_jobs j
    WHERE j.depends_on_id = %(job)s AND q.job_id = j.id AND q.run_at IS NULL
    RETURNING q.job_id
)
UPDATE background_jobs j SET progress_message = '' FROM freed WHERE j.id = freed.job_id;
