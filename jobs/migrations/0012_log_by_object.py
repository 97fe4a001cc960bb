"""Pages say who cancelled a job: the log of what people did is looked up by the job."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('jobs', '0011_put_off'),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX admin_log_object ON django_admin_log (object_id, content_type_id)",
            "DROP INDEX admin_log_object",
        ),
    ]
