"""A limit that is set or lifted is told to workers and to open pages, whoever does it."""

from django.db import migrations

# Workers look again, because something may be due now. Pages of this company, or of all for a type, read again
# what their jobs wait for.
EVENTS = """
CREATE FUNCTION job_limits_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one job_limits := COALESCE(NEW, OLD);
BEGIN
    PERFORM pg_notify('job_due', '');
    PERFORM pg_notify('job_limit', COALESCE(one.company_id::text, ''));
    RETURN NULL;
END $$;
CREATE TRIGGER job_limits_changed AFTER INSERT OR UPDATE OR DELETE ON job_limits
    FOR EACH ROW EXECUTE FUNCTION job_limits_changed();
"""

DROP_EVENTS = """
DROP TRIGGER job_limits_changed ON job_limits;
DROP FUNCTION job_limits_changed;
"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0008_alerts")]
    operations = [migrations.RunSQL(EVENTS, DROP_EVENTS)]
