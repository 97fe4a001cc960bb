-- Notes that a job has a dependent, which keeps it from ending before the caller commits. No row: it has ended.
UPDATE job_queue SET awaited = true WHERE job_id = %(job)s RETURNING id;
