-- A worker shows that it lives and renews the lease it holds. No row back: the lease is not its own any more.
WITH seen AS (
    UPDATE job_workers SET seen_at = statement_timestamp() WHERE id = %(worker)s
)
UPDATE job_queue SET leased_until = statement_timestamp() + make_interval(secs => %(lease)s)
WHERE token = %(token)s
RETURNING id;
