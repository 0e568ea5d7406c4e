from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('handover', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='log',
            name='staff_changes',
            field=models.JSONField(blank=True, default=list, editable=False, help_text='Kept at the submission.', verbose_name='changes of staff'),
        ),
    ]
