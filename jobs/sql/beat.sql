-- A worker shows that it lives and renews the lease it holds. No row back: the lease is not its own any more.
WITH seen AS (
    INSERT INTO job_workers (id, host, pid, ticks, resident)
    VALUES (%(id)s, %(host)s, %(pid)s, %(ticks)s, %(resident)s)
    ON CONFLICT (id) DO UPDATE SET seen_at = statement_timestamp()
)
UPDATE job_queue SET leased_until = statement_timestamp() + make_interval(secs => %(lease)s)
WHERE token = %(token)s
RETURNING id;
