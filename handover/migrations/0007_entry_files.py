
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import callcentre.attachments


class Migration(migrations.Migration):

    dependencies = [
        ('handover', '0006_entry_has_its_centre'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EntryFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to=callcentre.attachments.random_name, verbose_name='file')),
                ('preview', models.FileField(blank=True, editable=False, upload_to=callcentre.attachments.preview_name)),
                ('name', models.CharField(max_length=80, verbose_name='file name')),
                ('kind', models.CharField(choices=[('jpeg', 'JPEG'), ('png', 'PNG'), ('webp', 'WebP'), ('pdf', 'PDF'), ('xlsx', 'Excel')], max_length=8, verbose_name='kind of file')),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('at', models.DateTimeField(verbose_name='attached at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='attached by')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='handover.entry', verbose_name='entry')),
            ],
            options={
                'verbose_name': 'attachment of an entry',
                'verbose_name_plural': 'attachments of entries',
                'ordering': ['pk'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gt', 0), models.Q(('sha256', ''), _negated=True)), name='handover_entryfile_has_size_and_digest', violation_error_message='An attached file has its size and its digest.')],
            },
        ),
    ]
