-- Leases whose worker is dead or stopped beating.
SELECT id, job_id, token, deaths, payload
FROM job_queue
WHERE token IS NOT NULL AND (leased_until < statement_timestamp() OR worker_id = ANY(%(dead)s));
