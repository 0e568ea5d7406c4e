
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('handover', '0005_fill_entries'),
        ('people', '0002_calendar_names'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='centre',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.centre', verbose_name='centre'),
        ),
    ]
