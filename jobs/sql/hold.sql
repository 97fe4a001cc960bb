-- Keeps a job from ending before the caller commits. No row: it has ended.
SELECT id FROM job_queue WHERE job_id = %(job)s FOR KEY SHARE;
