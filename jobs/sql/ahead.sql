-- How many of its company's jobs are claimed before each of these: due ones of the open types, by priority, then time.
-- No more than `most` of each type are counted, so however many wait, a few entries of `queue_turns` are read.
SELECT q.job_id, sum(ahead.jobs)::int AS ahead
FROM job_queue q
CROSS JOIN unnest(%(types)s::text[]) AS open_type
CROSS JOIN LATERAL (
    SELECT count(*) AS jobs FROM (
        SELECT 1 FROM job_queue o
        WHERE o.job_type = open_type AND o.company_id = q.company_id
            AND o.token IS NULL AND o.run_at <= statement_timestamp() AND NOT o.later
            AND (o.priority, o.run_at, o.id) < (q.priority, q.run_at, q.id)
        LIMIT %(most)s
    ) counted
) ahead
WHERE q.job_id = ANY(%(jobs)s::uuid[]) AND q.token IS NULL AND q.run_at <= statement_timestamp() AND NOT q.later
GROUP BY q.job_id;
