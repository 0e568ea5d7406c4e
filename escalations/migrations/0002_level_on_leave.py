from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('escalations', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='level',
            name='note',
            field=models.CharField(blank=True, choices=[('no_roster', 'no shift is on duty'), ('no_leader', 'the shift has no leader'), ('on_leave', 'on leave without a deputy'), ('nobody', 'nobody holds this office'), ('same_person', 'held by somebody who is already in the chain')], max_length=20, verbose_name='note'),
        ),
    ]
