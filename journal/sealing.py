"""Every minute a seal over each centre's new rows continues its chain.

A seal is also written where the application cannot rewrite it: a log line, and a file under SEAL_DIR, which a real
installation keeps on a disk that the database's keeper cannot write. Rows up to a minute old are uncovered.
"""

import json
import logging
import time

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from journal import locks
from journal.macs import seal_digest
from journal.models import Entry, Seal

logger = logging.getLogger(__name__)

TRIES = 20
PAUSE_SECONDS = 0.05


def seal_all(sender, at, **kwargs):
    """Receiver of the minute's end: seal every centre's new rows; a busy minute leaves them to the next."""
    for centre in apps.get_model("people", "Centre").objects.all():
        seal(centre, at)


def seal(centre, at):
    """Seal the centre's rows since the last seal. Returns it, or None when nothing is new or no moment is quiet."""
    for _try in range(TRIES):
        with transaction.atomic():
            if locks.try_alone(connection):
                return _seal_now(centre, at)
        time.sleep(PAUSE_SECONDS)
    logger.warning("journal: no quiet moment to seal centre %s; the next minute will", centre.pk)
    return None


def _seal_now(centre, at):
    last = Seal.objects.filter(centre=centre).order_by("-number").first()
    covered = last.last_entry if last else 0
    macs = list(Entry.objects.filter(centre=centre, pk__gt=covered).order_by("pk").values_list("pk", "mac"))
    if not macs:
        return None
    made = Seal(centre=centre, number=last.number + 1 if last else 1, at=at, last_entry=macs[-1][0], rows=len(macs))
    made.digest = seal_digest(made, last.digest if last else "", macs)
    made.save()
    transaction.on_commit(lambda: publish(made))
    return made


def seal_file(centre_id):
    return settings.SEAL_DIR / f"centre-{centre_id}.jsonl"


def publish(made):
    """Write the seal outside the database, once it is committed. A crash in between leaves one seal fewer outside."""
    line = json.dumps(
        {"centre": made.centre_id, "number": made.number, "last_entry": made.last_entry, "digest": made.digest}
    )
    logger.info("journal seal %s", line)
    settings.SEAL_DIR.mkdir(parents=True, exist_ok=True)
    with seal_file(made.centre_id).open("a") as lines:
        lines.write(line + "\n")
