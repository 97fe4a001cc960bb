-- Says how far the work is. Never falls within an attempt; 100 is for the completion.
WITH held AS (
    SELECT job_id FROM job_queue WHERE token = %(token)s FOR NO KEY UPDATE
)
UPDATE background_jobs j SET
    progress_percentage = GREATEST(j.progress_percentage, %(percent)s),
    progress_message = %(message)s
FROM held WHERE j.id = held.job_id;
