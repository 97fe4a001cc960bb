-- Counts what ended in each hour since a moment. Counting an hour again replaces what was counted before.
INSERT INTO job_hours (began_at, job_type, completed, failed, cancelled, seconds, longest)
SELECT
    date_trunc('hour', completed_at, 'UTC'), job_type,
    count(*) FILTER (WHERE status = 'completed'),
    count(*) FILTER (WHERE status = 'failed'),
    count(*) FILTER (WHERE status = 'cancelled'),
    COALESCE(sum(extract(epoch FROM completed_at - started_at)) FILTER (WHERE status = 'completed'), 0),
    COALESCE(max(extract(epoch FROM completed_at - started_at)) FILTER (WHERE status = 'completed'), 0)
FROM background_jobs
WHERE completed_at >= date_trunc('hour', %(since)s::timestamptz, 'UTC')
GROUP BY 1, 2
ON CONFLICT (began_at, job_type) DO UPDATE SET
    completed = excluded.completed, failed = excluded.failed, cancelled = excluded.cancelled,
    seconds = excluded.seconds, longest = excluded.longest
RETURNING began_at;
