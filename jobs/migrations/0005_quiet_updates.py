"""A change of state writes into no index: columns that change while a job runs leave the indexes."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

COMMENTS = """
ALTER TABLE job_attempts SET (fillfactor = 85);
COMMENT ON INDEX job_failed_newest IS 'Failed jobs, newest first.';
COMMENT ON INDEX job_cancelled_newest IS 'Cancelled jobs, newest first.';
COMMENT ON INDEX job_ended IS 'Cleanup, and what ended within a day. A BRIN, because it leaves updates heap-only.';
COMMENT ON INDEX job_dependents IS 'What waits for a job.';
COMMENT ON INDEX queue_leased IS 'Rescue: what is leased.';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('jobs', '0004_desk'),
        ('trainings', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='backgroundjob',
            name='job_completed_at',
        ),
        migrations.RemoveIndex(
            model_name='backgroundjob',
            name='job_unfinished',
        ),
        migrations.RemoveIndex(
            model_name='backgroundjob',
            name='job_ended_badly',
        ),
        migrations.RemoveIndex(
            model_name='jobqueue',
            name='queue_leased',
        ),
        migrations.AlterField(
            model_name='backgroundjob',
            name='company',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='accounts.company'),
        ),
        migrations.AlterField(
            model_name='backgroundjob',
            name='depends_on',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='dependents', to='jobs.backgroundjob'),
        ),
        migrations.AlterField(
            model_name='jobqueue',
            name='token',
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name='backgroundjob',
            index=models.Index(condition=models.Q(('error_data__isnull', False)), fields=['-created_at', '-id'], name='job_failed_newest'),
        ),
        migrations.AddIndex(
            model_name='backgroundjob',
            index=models.Index(condition=models.Q(('cancel_requested_at__isnull', False)), fields=['-created_at', '-id'], name='job_cancelled_newest'),
        ),
        migrations.AddIndex(
            model_name='backgroundjob',
            index=models.Index(condition=models.Q(('depends_on__isnull', False)), fields=['depends_on'], name='job_dependents'),
        ),
        migrations.AddIndex(
            model_name='backgroundjob',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['completed_at'], name='job_ended', pages_per_range=16),
        ),
        migrations.AddConstraint(
            model_name='jobqueue',
            constraint=models.UniqueConstraint(condition=models.Q(('token__isnull', False)), fields=('token',), name='queue_leased'),
        ),
        migrations.RunSQL(COMMENTS, migrations.RunSQL.noop),
    ]
