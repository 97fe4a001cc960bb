"""What the database does by itself: cascades for a plain DELETE, and telling those who listen."""

from django.db import migrations

CASCADES = """
ALTER TABLE job_queue ADD CONSTRAINT job_queue_job
    FOREIGN KEY (job_id) REFERENCES background_jobs ON DELETE CASCADE;
ALTER TABLE job_attempts ADD CONSTRAINT job_attempts_job
    FOREIGN KEY (job_id) REFERENCES background_jobs ON DELETE CASCADE;
ALTER TABLE job_steps ADD CONSTRAINT job_steps_job
    FOREIGN KEY (job_id) REFERENCES background_jobs ON DELETE CASCADE;
ALTER TABLE background_jobs ADD CONSTRAINT background_jobs_depends_on
    FOREIGN KEY (depends_on_id) REFERENCES background_jobs ON DELETE SET NULL;
"""

DROP_CASCADES = """
ALTER TABLE job_queue DROP CONSTRAINT job_queue_job;
ALTER TABLE job_attempts DROP CONSTRAINT job_attempts_job;
ALTER TABLE job_steps DROP CONSTRAINT job_steps_job;
ALTER TABLE background_jobs DROP CONSTRAINT background_jobs_depends_on;
"""

# A payload has at most 8,000 bytes (PostgreSQL manual, NOTIFY), so it names the row and never carries content.
EVENTS = """
CREATE FUNCTION background_jobs_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
    END IF;
    PERFORM pg_notify('job_event', json_build_object(
        'id', NEW.id, 'company', NEW.company_id, 'training', NEW.training_id,
        'version', NEW.version, 'status', NEW.status, 'progress', NEW.progress_percentage
    )::text);
    RETURN NEW;
END $$;
CREATE TRIGGER background_jobs_changed BEFORE INSERT OR UPDATE ON background_jobs
    FOR EACH ROW EXECUTE FUNCTION background_jobs_changed();

CREATE FUNCTION job_queue_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('job_due', '');
    RETURN NULL;
END $$;
CREATE TRIGGER job_queue_due AFTER INSERT OR UPDATE ON job_queue
    FOR EACH ROW WHEN (NEW.token IS NULL AND NEW.run_at <= statement_timestamp())
    EXECUTE FUNCTION job_queue_due();
"""

DROP_EVENTS = """
DROP TRIGGER job_queue_due ON job_queue;
DROP FUNCTION job_queue_due;
DROP TRIGGER background_jobs_changed ON background_jobs;
DROP FUNCTION background_jobs_changed;
"""

# The reasons of the indexes, for whoever reads the schema in psql.
COMMENTS = """
COMMENT ON INDEX queue_due IS 'The claim: first due row by priority, then time.';
COMMENT ON INDEX queue_leased IS 'Rescue: leases that ran out.';
COMMENT ON INDEX job_company_newest IS 'Pages of a company''s jobs, newest first.';
COMMENT ON INDEX job_completed_at IS 'Cleanup of final jobs by age.';
COMMENT ON INDEX job_unfinished IS 'Stuck and running jobs.';
COMMENT ON INDEX job_failed_newest IS 'Failed jobs, newest first.';
COMMENT ON TABLE background_jobs IS 'The truth about each job.';
COMMENT ON TABLE job_queue IS 'Who may run what, and when: one row for each job that is not final.';
"""

# Rows of the queue come and go by the thousand while the table stays small: vacuum it by count, not by share,
# or the claim would walk over dead index entries.
VACUUM = """
ALTER TABLE job_queue SET (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000
);
ALTER TABLE job_workers SET (fillfactor = 50);
ALTER TABLE background_jobs SET (fillfactor = 80);
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]
    operations = [
        migrations.RunSQL(CASCADES, DROP_CASCADES),
        migrations.RunSQL(EVENTS, DROP_EVENTS),
        migrations.RunSQL(COMMENTS, migrations.RunSQL.noop),
        migrations.RunSQL(VACUUM, migrations.RunSQL.noop),
    ]
