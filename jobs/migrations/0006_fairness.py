"""Companies take turns; types and companies have limits and may be paused."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

# Rows that wait already belong to their jobs' companies.
OWNERS = """
UPDATE job_queue q SET company_id = j.company_id FROM background_jobs j WHERE j.id = q.job_id;
COMMENT ON INDEX queue_turns IS
    'The claim: of a type from company to company, of a company''s the first due row by priority, then time.';
COMMENT ON INDEX queue_type_place IS 'Keeps two workers from both passing the cap of a type.';
COMMENT ON INDEX queue_company_place IS 'Keeps two workers from both passing the cap of a company.';
COMMENT ON TABLE job_limits IS 'How much of a type or a company may run at once, and whether any of it may.';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_preferences'),
        ('jobs', '0005_quiet_updates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='JobLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job_type', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('most', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='jobs at once')),
                ('paused_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('why', models.CharField(blank=True, db_default='', default='', editable=False, max_length=500)),
            ],
            options={
                'verbose_name': 'limit',
                'db_table': 'job_limits',
            },
        ),
        migrations.RemoveIndex(
            model_name='jobqueue',
            name='queue_due',
        ),
        migrations.AddField(
            model_name='jobqueue',
            name='company_id',
            field=models.UUIDField(db_default=models.Value(uuid.UUID('00000000-0000-0000-0000-000000000000'), models.UUIDField()), default=uuid.UUID('00000000-0000-0000-0000-000000000000')),
        ),
        migrations.AddField(
            model_name='jobqueue',
            name='company_place',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='jobqueue',
            name='type_place',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='jobqueue',
            index=models.Index(condition=models.Q(('run_at__isnull', False), ('token__isnull', True)), fields=['job_type', 'company_id', 'priority', 'run_at', 'id'], name='queue_turns'),
        ),
        migrations.AddConstraint(
            model_name='jobqueue',
            constraint=models.UniqueConstraint(condition=models.Q(('token__isnull', False), ('type_place__isnull', False)), fields=('job_type', 'type_place'), name='queue_type_place'),
        ),
        migrations.AddConstraint(
            model_name='jobqueue',
            constraint=models.UniqueConstraint(condition=models.Q(('company_place__isnull', False), ('token__isnull', False)), fields=('company_id', 'company_place'), name='queue_company_place'),
        ),
        migrations.AddField(
            model_name='joblimit',
            name='company',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='job_limit', to='accounts.company'),
        ),
        migrations.AddField(
            model_name='joblimit',
            name='paused_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='joblimit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('company__isnull', True), ('job_type__isnull', False)), models.Q(('company__isnull', False), ('job_type__isnull', True)), _connector='OR'), name='limit_of_a_type_or_a_company'),
        ),
        migrations.AddConstraint(
            model_name='joblimit',
            constraint=models.CheckConstraint(condition=models.Q(('most__isnull', True), ('most__gte', 1), _connector='OR'), name='limit_lets_one_through'),
        ),
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
    ]
