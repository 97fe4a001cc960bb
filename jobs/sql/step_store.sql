-- Stores a finished step under the lease. Storing it again (the answer to the first COMMIT was lost) changes nothing.
WITH held AS (
    SELECT job_id FROM job_queue WHERE token = %(token)s FOR NO KEY UPDATE
)
INSERT INTO job_steps (job_id, name, result, seconds)
SELECT job_id, %(name)s, %(result)s, %(seconds)s FROM held
ON CONFLICT (job_id, name) DO UPDATE SET name = excluded.name
RETURNING id;
