"""A job's key begins with the time, as its attempts' do."""

import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0009_limits_told'),
    ]

    operations = [
        migrations.AlterField(
            model_name='backgroundjob',
            name='id',
            field=models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False),
        ),
    ]
