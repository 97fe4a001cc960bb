-- Takes a job: a new lease, one more attempt, the job processing.
-- Whose: the company with the fewest running jobs; among equals they take turns, in a circle from the one behind
-- `after`. Which of its jobs: the first by priority, then time, of a type that is open. A type or company is closed
-- while it is paused or runs as many jobs as it may, and a heavy type while the heavy ones together do. A row that
-- another worker is taking at this moment is skipped, so nobody waits; as many are looked at as all the other workers
-- could be taking.
-- However many rows a company has waiting of a type, a few are read; of those that are put off for later none.
WITH RECURSIVE crew AS MATERIALIZED (
    -- Those who may be claiming beside this one, with room for some who have not said yet that they live.
    SELECT count(*) FILTER (WHERE resident)::int AS workers, count(*)::int + 2 AS claimers FROM job_workers
), limits AS MATERIALIZED (
    -- Few: the caps of types, and what is paused. A company's cap is looked up when its turn comes.
    SELECT job_type, company_id, most, paused_at IS NOT NULL AS paused FROM job_limits
    WHERE job_type IS NOT NULL OR paused_at IS NOT NULL
), running AS MATERIALIZED (
    SELECT company_id, job_type, type_place, heavy_place, company_place FROM job_queue WHERE token IS NOT NULL
), kinds AS MATERIALIZED (
    SELECT job_type, most, most - (SELECT count(*)::int FROM running WHERE running.job_type = kind.job_type) AS room
    FROM (
        SELECT known.job_type, COALESCE(
            (SELECT l.most FROM limits l WHERE l.job_type = known.job_type),
            CASE WHEN known.share IS NOT NULL THEN GREATEST(1, floor(known.share * crew.workers)) END
        )::int AS most
        FROM unnest(%(types)s::text[], %(shares)s::float8[]) AS known (job_type, share) CROSS JOIN crew
        OFFSET 0  -- looked up once, not once for each use
    ) kind
    WHERE most IS NOT NULL
), heavy AS MATERIALIZED (
    -- One worker is left to the others where there are three. Two may both be taken: a training's listening and its
    -- video go side by side.
    SELECT most, most - (SELECT count(*)::int FROM running WHERE job_type = ANY(%(heavy)s::text[])) AS room
    FROM (SELECT GREATEST(2, workers - 1) AS most FROM crew) cap
), late AS MATERIALIZED (
    -- Nothing is taken while work that was put off for later has become due and nobody has said so (`line_up.sql`).
    SELECT NOT %(lined_up)s AND EXISTS (
        SELECT 1 FROM job_queue WHERE token IS NULL AND later AND run_at <= statement_timestamp()
    ) AS come
), types AS (
    (
        SELECT job_type FROM job_queue
        WHERE token IS NULL AND run_at IS NOT NULL AND NOT later AND NOT (SELECT come FROM late)
        ORDER BY job_type LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT q.job_type FROM job_queue q
        WHERE q.token IS NULL AND q.run_at IS NOT NULL AND NOT q.later AND q.job_type > types.job_type
        ORDER BY q.job_type LIMIT 1
    )
    FROM types WHERE types.job_type IS NOT NULL
), open_types AS MATERIALIZED (
    SELECT job_type FROM types
    WHERE job_type IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM limits WHERE paused AND limits.job_type = types.job_type)
        AND NOT EXISTS (SELECT 1 FROM kinds WHERE kinds.job_type = types.job_type AND kinds.room <= 0)
        AND NOT (types.job_type = ANY(%(heavy)s::text[]) AND (SELECT room FROM heavy) <= 0)
), walk AS (
    -- In each open type from company to company, until enough are found that run nothing.
    SELECT job_type, %(after)s::uuid AS company_id, false AS around, false AS due, 0 AS jobs, NULL::int AS most,
        0 AS found
    FROM open_types
    UNION ALL
    SELECT walk.job_type, step.company_id, step.around, look.due, look.jobs, look.most,
        walk.found + (look.due AND look.jobs = 0)::int
    FROM walk CROSS JOIN crew
    CROSS JOIN LATERAL (
        (
            SELECT q.company_id, walk.around FROM job_queue q
            WHERE q.token IS NULL AND q.run_at IS NOT NULL AND NOT q.later AND q.job_type = walk.job_type
                AND q.company_id > walk.company_id
            ORDER BY q.company_id LIMIT 1
        )
        UNION ALL
        (
            SELECT q.company_id, true FROM job_queue q
            WHERE q.token IS NULL AND q.run_at IS NOT NULL AND NOT q.later AND q.job_type = walk.job_type
                AND NOT walk.around
            ORDER BY q.company_id LIMIT 1
        )
        ORDER BY 2 LIMIT 1
    ) step (company_id, around)
    CROSS JOIN LATERAL (
        SELECT limited.jobs, limited.most,
            (limited.most IS NULL OR limited.jobs < limited.most)
            AND NOT EXISTS (SELECT 1 FROM limits WHERE paused AND limits.company_id = step.company_id)
            AND EXISTS (
                SELECT 1 FROM job_queue
                WHERE job_type = walk.job_type AND company_id = step.company_id
                    AND token IS NULL AND run_at <= statement_timestamp() AND NOT later {only}
            ) AS due
        FROM (
            SELECT (SELECT count(*)::int FROM running WHERE running.company_id = step.company_id) AS jobs,
                CASE WHEN step.company_id <> %(nobody)s THEN COALESCE(
                    (SELECT l.most FROM job_limits l WHERE l.company_id = step.company_id), %(company_most)s::int
                ) END AS most
            OFFSET 0  -- counted once, not once for each use
        ) limited
        OFFSET 0
    ) look
    WHERE walk.found < crew.claimers AND (NOT step.around OR step.company_id <= %(after)s)
), turns AS MATERIALIZED (
    -- Tasks of the installation itself belong to nobody and come before the companies.
    SELECT DISTINCT jobs, company_id <> %(nobody)s AS of_company, around, company_id, most FROM walk WHERE due
    ORDER BY jobs, of_company, around, company_id
    LIMIT (SELECT claimers FROM crew)
), line AS MATERIALIZED (
    SELECT array_agg(head.id ORDER BY
        turns.jobs, turns.of_company, turns.around, turns.company_id, head.priority, head.run_at, head.id
    ) AS ids
    FROM turns CROSS JOIN open_types
    CROSS JOIN LATERAL (
        SELECT id, priority, run_at FROM job_queue
        WHERE job_type = open_types.job_type AND company_id = turns.company_id
            AND token IS NULL AND run_at <= statement_timestamp() AND NOT later {only}
        ORDER BY priority, run_at, id
        LIMIT (SELECT claimers FROM crew)
    ) head
), next AS (
    SELECT id, company_id, job_type FROM job_queue
    -- True still when the row is locked. Said so that no index fits but the key's: a plan that was made while little
    -- was waiting would read the whole of it once much is. For the same reason the line is an array and not joined.
    WHERE id = ANY((SELECT ids FROM line)::bigint[])
        AND COALESCE(token, %(nobody)s) = %(nobody)s AND run_at + interval '0' <= statement_timestamp()
    ORDER BY array_position((SELECT ids FROM line), id)
    LIMIT 1
    FOR UPDATE SKIP LOCKED
), caps AS (
    SELECT 'type' AS of, kinds.most, kinds.room, ARRAY(
        SELECT type_place FROM running WHERE running.job_type = next.job_type AND type_place IS NOT NULL
    ) AS taken
    FROM next JOIN kinds ON kinds.job_type = next.job_type
    UNION ALL
    SELECT 'heavy', heavy.most, heavy.room, ARRAY(SELECT heavy_place FROM running WHERE heavy_place IS NOT NULL)
    FROM next CROSS JOIN heavy WHERE next.job_type = ANY(%(heavy)s::text[])
    UNION ALL
    SELECT 'company', turns.most, turns.most - turns.jobs, ARRAY(
        SELECT company_place FROM running WHERE running.company_id = next.company_id AND company_place IS NOT NULL
    )
    FROM next JOIN turns ON turns.company_id = next.company_id WHERE turns.most IS NOT NULL
), places AS (
    -- Under a cap each running job has a place of its own, of which no more are given than are free: two workers
    -- that count at the same moment meet at the unique index, and the second one looks again.
    SELECT min(place) FILTER (WHERE of = 'type') AS type_place, min(place) FILTER (WHERE of = 'heavy') AS heavy_place,
        min(place) FILTER (WHERE of = 'company') AS company_place
    FROM caps CROSS JOIN LATERAL (
        SELECT place FROM generate_series(1, caps.most) place
        WHERE place <> ALL(caps.taken)
        ORDER BY place LIMIT 1 OFFSET floor(random() * caps.room)
    ) free
), taken AS (
    UPDATE job_queue q SET
        token = %(token)s,
        leased_until = statement_timestamp() + make_interval(secs => %(lease)s),
        worker_id = %(worker)s,
        attempt = q.attempt + 1,
        type_place = places.type_place,
        heavy_place = places.heavy_place,
        company_place = places.company_place
    FROM next CROSS JOIN places WHERE q.id = next.id
    RETURNING q.id, q.job_id, q.company_id, q.payload, q.token, q.attempt, q.deaths
), job AS (
    UPDATE background_jobs j SET
        status = 'processing', started_at = statement_timestamp(), next_retry_at = NULL,
        progress_percentage = 0, progress_message = ''
    FROM taken WHERE j.id = taken.job_id AND j.status = 'pending'
    RETURNING {columns}
), begun AS (
    INSERT INTO job_attempts (id, job_id, number, worker, started_at)
    SELECT taken.token, job.id, taken.attempt, %(worker_name)s, statement_timestamp()
    FROM taken JOIN job ON job.id = taken.job_id
)
SELECT job.*, taken.id AS lease_row, taken.job_id AS lease_job, taken.payload AS lease_payload,
    taken.token AS lease_token, taken.attempt AS lease_attempt, taken.deaths AS lease_deaths, late.come
FROM late LEFT JOIN taken ON true LEFT JOIN job ON job.id = taken.job_id
WHERE late.come OR taken.id IS NOT NULL;
