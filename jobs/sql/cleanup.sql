-- Deletes a batch of final jobs. Small batches hold their locks for moments only.
DELETE FROM background_jobs WHERE id IN (
    SELECT id FROM background_jobs
    WHERE completed_at < statement_timestamp() - make_interval(secs => %(age)s)
      AND status IN ('completed', 'failed', 'cancelled')
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
RETURNING id;
