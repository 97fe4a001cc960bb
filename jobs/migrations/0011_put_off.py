"""What is put off for later stands apart from what may be claimed; heavy types share a cap."""

from django.db import migrations, models

COMMENTS = """
COMMENT ON INDEX queue_turns IS
    'The claim: of a type from company to company, of a company''s the first due row by priority, then time.';
COMMENT ON INDEX queue_later IS 'What was put off and has become due.';
COMMENT ON INDEX queue_heavy_place IS 'Keeps two workers from both passing the cap of all heavy types.';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0010_time_ordered'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='jobqueue',
            name='queue_turns',
        ),
        migrations.AddField(
            model_name='jobqueue',
            name='heavy_place',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='jobqueue',
            name='later',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name='jobqueue',
            index=models.Index(condition=models.Q(('later', False), ('run_at__isnull', False), ('token__isnull', True)), fields=['job_type', 'company_id', 'priority', 'run_at', 'id'], name='queue_turns'),
        ),
        migrations.AddIndex(
            model_name='jobqueue',
            index=models.Index(condition=models.Q(('later', True), ('token__isnull', True)), fields=['run_at'], name='queue_later'),
        ),
        migrations.AddConstraint(
            model_name='jobqueue',
            constraint=models.UniqueConstraint(condition=models.Q(('heavy_place__isnull', False), ('token__isnull', False)), fields=('heavy_place',), name='queue_heavy_place'),
        ),
        migrations.RunSQL(COMMENTS, migrations.RunSQL.noop),
    ]
