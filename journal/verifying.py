"""Is the journal as it was written? Each answer names the row or the seal that is not."""

import json

from journal.macs import row_mac, seal_digest
from journal.models import Entry, Seal
from journal.sealing import seal_file

BATCH = 2000


def problems(centre):
    """Yield a sentence for each break: altered, removed, inserted or moved rows, broken or missing seals."""
    yield from _altered_rows(centre)
    yield from _broken_seals(centre)
    yield from _seals_missing_against_the_file(centre)


def _altered_rows(centre):
    for row in Entry.objects.filter(centre=centre).order_by("pk").iterator(chunk_size=BATCH):
        if row.mac != row_mac(row):
            yield f"row {row.pk}: its contents are not what was written"


def _broken_seals(centre):
    previous = None
    for seal in Seal.objects.filter(centre=centre).order_by("number").iterator(chunk_size=BATCH):
        expected_number = previous.number + 1 if previous else 1
        if seal.number != expected_number:
            yield f"seal {expected_number}: missing"
        covered = Entry.objects.filter(
            centre=centre, pk__gt=previous.last_entry if previous else 0, pk__lte=seal.last_entry
        ).order_by("pk")
        macs = list(covered.values_list("pk", "mac"))
        if len(macs) != seal.rows:
            yield f"seal {seal.number}: covers {seal.rows} rows, {len(macs)} are there"
        elif seal.digest != seal_digest(seal, previous.digest if previous else "", macs):
            yield f"seal {seal.number}: rows or seal are not what was sealed"
        previous = seal


def _seals_missing_against_the_file(centre):
    path = seal_file(centre.pk)
    if not path.exists():
        if Seal.objects.filter(centre=centre).exists():
            yield f"{path.name}: the seals' outside copy is missing"
        return
    digests = dict(Seal.objects.filter(centre=centre).values_list("number", "digest"))
    for text in path.read_text().splitlines():
        line = json.loads(text)
        if digests.get(line["number"]) != line["digest"]:
            yield f"seal {line['number']}: the outside copy has another, or it was removed"
