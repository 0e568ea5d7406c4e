from django.db import migrations
from django.db.models import OuterRef, Subquery

from callcentre import fulltext

BATCH = 500


def fill(apps, schema_editor):
    """The centre of the log, and the codes by which the search finds what was noted so far."""
    Entry, Log = apps.get_model("handover", "Entry"), apps.get_model("handover", "Log")
    Term = apps.get_model("handover", "EntryTerm")
    Entry.objects.update(centre=Subquery(Log.objects.filter(pk=OuterRef("log")).values("centre")[:1]))
    rows = []
    for pk, text in Entry.objects.order_by("pk").values_list("pk", "text").iterator(chunk_size=BATCH):
        rows += [Term(document_id=pk, code=code, weight=2) for code in fulltext.codes(text)]
        if len(rows) > 20 * BATCH:
            Term.objects.bulk_create(rows, batch_size=BATCH)
            rows = []
    Term.objects.bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [
        ('handover', '0004_whole_log'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
