
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('handover', '0003_desks'),
        ('people', '0002_calendar_names'),
        ('shifts', '0009_feeds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EntryTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.BigIntegerField()),
                ('weight', models.SmallIntegerField()),
            ],
            options={
                'verbose_name': 'search term of an entry',
                'verbose_name_plural': 'search terms of entries',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'mention',
                'verbose_name_plural': 'mentions',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Phrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(choices=[('equipment', 'Equipment'), ('hard_questions', 'Hard questions'), ('staff_changes', 'Changes of staff'), ('business_changes', 'Changes to the business'), ('instructions', 'Superiors’ instructions'), ('customer_voice', 'Customers’ suggestions and complaints'), ('process_changes', 'Changes to process')], max_length=20, verbose_name='section')),
                ('text', models.CharField(max_length=200, verbose_name='text')),
            ],
            options={
                'verbose_name': 'text template',
                'verbose_name_plural': 'text templates',
                'ordering': ['pk'],
            },
        ),
        migrations.RenameField(model_name='log', old_name='staff_changes', new_name='pulled_in'),
        migrations.AddField(
            model_name='entry',
            name='answer_given',
            field=models.TextField(blank=True, verbose_name='answer given'),
        ),
        migrations.AddField(
            model_name='entry',
            name='centre',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.centre', verbose_name='centre'),
        ),
        migrations.AddField(
            model_name='entry',
            name='desk',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shifts.desk', verbose_name='desk'),
        ),
        migrations.AddField(
            model_name='entry',
            name='equipment',
            field=models.CharField(blank=True, choices=[('headset', 'headset'), ('phone', 'telephone'), ('computer', 'computer'), ('screen', 'screen'), ('software', 'software'), ('network', 'network'), ('recording', 'recording'), ('printer', 'printer'), ('power', 'power and lighting'), ('climate', 'air conditioning'), ('furniture', 'furniture'), ('other', 'other')], max_length=10, verbose_name='equipment'),
        ),
        migrations.AddField(
            model_name='entry',
            name='needs_analysis',
            field=models.BooleanField(default=False, verbose_name='needs analysis by the weekly meeting'),
        ),
        migrations.AddField(
            model_name='entryversion',
            name='answer_given',
            field=models.TextField(blank=True, verbose_name='answer given'),
        ),
        migrations.AddField(
            model_name='entryversion',
            name='desk',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shifts.desk', verbose_name='desk'),
        ),
        migrations.AddField(
            model_name='entryversion',
            name='equipment',
            field=models.CharField(blank=True, choices=[('headset', 'headset'), ('phone', 'telephone'), ('computer', 'computer'), ('screen', 'screen'), ('software', 'software'), ('network', 'network'), ('recording', 'recording'), ('printer', 'printer'), ('power', 'power and lighting'), ('climate', 'air conditioning'), ('furniture', 'furniture'), ('other', 'other')], max_length=10, verbose_name='equipment'),
        ),
        migrations.AddField(
            model_name='entryversion',
            name='needs_analysis',
            field=models.BooleanField(default=False, verbose_name='needs analysis by the weekly meeting'),
        ),
        migrations.AlterField(
            model_name='log',
            name='pulled_in',
            field=models.JSONField(blank=True, default=list, editable=False, help_text='Kept at the submission.', verbose_name='filled in by itself'),
        ),
        migrations.AddField(
            model_name='log',
            name='raised_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='reported to the centre director at'),
        ),
        migrations.AddField(
            model_name='log',
            name='reminded_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='reminded at'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='author',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='edited_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='edited by'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['centre', '-written_at', '-id'], name='entry_newest_of_centre'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['centre', 'section', '-written_at', '-id'], name='entry_newest_of_section'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['author', '-written_at', '-id'], name='entry_newest_of_author'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('desk__isnull', False)), fields=['desk', '-written_at', '-id'], name='entry_newest_of_desk'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('equipment', ''), _negated=True), fields=['centre', 'equipment', '-written_at', '-id'], name='entry_newest_of_equipment'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('needs_analysis', True)), fields=['centre', 'written_at'], name='entry_needing_analysis'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('section', 'hard_questions'), models.Q(('answer_given', ''), ('needs_analysis', False)), _connector='OR'), name='only_a_hard_question_has_an_answer_or_an_analysis', violation_error_message='Only a hard question has an answer given, and is analysed by the meeting.'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('equipment__in', ['', 'headset', 'phone', 'computer', 'screen', 'software', 'network', 'recording', 'printer', 'power', 'climate', 'furniture', 'other'])), name='entry_equipment_is_of_the_list'),
        ),
        migrations.AddField(
            model_name='entryterm',
            name='document',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='handover.entry', verbose_name='log entry'),
        ),
        migrations.AddField(
            model_name='mention',
            name='entry',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='handover.entry', verbose_name='entry'),
        ),
        migrations.AddField(
            model_name='mention',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='phrase',
            name='centre',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.centre', verbose_name='centre'),
        ),
        migrations.AddIndex(
            model_name='entryterm',
            index=models.Index(fields=['code', 'document', 'weight'], name='entryterm_by_code'),
        ),
        migrations.AddConstraint(
            model_name='entryterm',
            constraint=models.UniqueConstraint(fields=('document', 'code'), name='entryterm_is_kept_once_of_a_document'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.UniqueConstraint(fields=('entry', 'person'), name='person_is_mentioned_once_in_an_entry'),
        ),
        migrations.AddConstraint(
            model_name='phrase',
            constraint=models.UniqueConstraint(fields=('centre', 'section', 'text'), name='phrase_stands_once_in_its_section', violation_error_message='This text is there already.'),
        ),
        migrations.AddConstraint(
            model_name='phrase',
            constraint=models.CheckConstraint(condition=models.Q(('section__in', ['equipment', 'hard_questions', 'staff_changes', 'business_changes', 'instructions', 'customer_voice', 'process_changes'])), name='phrase_section_is_one_of_the_seven'),
        ),
        migrations.AddConstraint(
            model_name='phrase',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='phrase_says_something'),
        ),
    ]
