-- Puts work that was put off for later in line with the rest, once its time has come: the first by time.
-- What somebody has locked is left for the next look: that one may be frozen.
UPDATE job_queue SET later = false
WHERE id IN (
    SELECT id FROM job_queue WHERE token IS NULL AND later AND run_at <= statement_timestamp()
    ORDER BY run_at, id LIMIT 1000 FOR UPDATE SKIP LOCKED
);
