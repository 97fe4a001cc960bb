-- The database's own record of what it accepted, in the order of the locks, for the checker to hold against the history.
CREATE TABLE chaos_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    began timestamptz NOT NULL DEFAULT statement_timestamp(),
    what text NOT NULL,
    job uuid,
    data jsonb NOT NULL
);
CREATE TABLE chaos_effects (job uuid NOT NULL, name text NOT NULL, token uuid NOT NULL);

CREATE FUNCTION chaos_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos_log (what, job, data) VALUES (
        'queue', COALESCE(NEW.job_id, OLD.job_id),
        jsonb_build_object(
            'op', lower(TG_OP), 'was', OLD.token, 'token', NEW.token, 'worker', NEW.worker_id,
            'attempt_was', OLD.attempt, 'attempt', NEW.attempt, 'deaths_was', OLD.deaths, 'deaths', NEW.deaths,
            'run_at', extract(epoch FROM NEW.run_at), 'priority', COALESCE(NEW.priority, OLD.priority)
        )
    );
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_queue_inserted AFTER INSERT OR DELETE ON job_queue
    FOR EACH ROW EXECUTE FUNCTION chaos_queue();
CREATE TRIGGER chaos_queue_changed AFTER UPDATE ON job_queue
    FOR EACH ROW WHEN ((OLD.token, OLD.attempt, OLD.deaths, OLD.run_at, OLD.priority)
        IS DISTINCT FROM (NEW.token, NEW.attempt, NEW.deaths, NEW.run_at, NEW.priority))
    EXECUTE FUNCTION chaos_queue();

CREATE FUNCTION chaos_worker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos_log (what, data) VALUES (
        'worker',
        jsonb_build_object(
            'op', lower(TG_OP), 'worker', COALESCE(NEW.id, OLD.id),
            'host', split_part(COALESCE(NEW.host, OLD.host), '/', 1), 'pid', COALESCE(NEW.pid, OLD.pid)
        )
    );
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_worker AFTER INSERT OR DELETE ON job_workers FOR EACH ROW EXECUTE FUNCTION chaos_worker();

CREATE FUNCTION chaos_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos_log (what, job, data) VALUES (
        'job', NEW.id,
        jsonb_build_object(
            'status', NEW.status, 'progress', NEW.progress_percentage, 'version', NEW.version,
            'retries', NEW.retry_count, 'output_token', NEW.output_data ->> 'token', 'error', NEW.error_data
        )
    );
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_job AFTER INSERT OR UPDATE ON background_jobs FOR EACH ROW EXECUTE FUNCTION chaos_job();

CREATE FUNCTION chaos_owned() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row_data jsonb := to_jsonb(NEW);
BEGIN
    INSERT INTO chaos_log (what, job, data) VALUES (
        TG_ARGV[0], (row_data ->> TG_ARGV[1])::uuid,
        jsonb_build_object('name', NEW.name, 'token', COALESCE(row_data ->> 'token', row_data -> 'result' ->> 'token'))
    );
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_step AFTER INSERT ON job_steps FOR EACH ROW EXECUTE FUNCTION chaos_owned('step', 'job_id');
CREATE TRIGGER chaos_effect AFTER INSERT ON chaos_effects FOR EACH ROW EXECUTE FUNCTION chaos_owned('effect', 'job');
