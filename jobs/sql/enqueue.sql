-- Makes a job and its place in the queue; both or none, in the caller's transaction.
WITH job AS (
    INSERT INTO background_jobs (
        id, user_id, company_id, training_id, job_type, priority, input_data, max_retries, depends_on_id
    )
    VALUES (
        %(id)s, %(user_id)s, %(company_id)s, %(training_id)s, %(job_type)s, %(priority)s, %(input_data)s, %(max_retries)s,
        %(depends_on_id)s
    )
    RETURNING id, company_id, job_type, priority, created_at
), place AS (
    INSERT INTO job_queue (job_id, company_id, job_type, priority, created_at, run_at, later)
    SELECT id, company_id, job_type, priority, created_at,
        CASE WHEN NOT %(blocked)s THEN COALESCE(%(run_at)s::timestamptz, statement_timestamp()) END,
        NOT %(blocked)s AND COALESCE(%(run_at)s::timestamptz > statement_timestamp(), false)
    FROM job
)
SELECT created_at FROM job;
