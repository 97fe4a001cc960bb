-- Whether the lease still stands, and the stored result of a step if there is one.
SELECT s.id IS NOT NULL AS stored, s.result
FROM job_queue q LEFT JOIN job_steps s ON s.job_id = q.job_id AND s.name = %(name)s
WHERE q.token = %(token)s;
