"""The journal's arithmetic: HMACs of rows and digests of seals, over one canonical form."""

import datetime as dt
import hashlib
import hmac
import json

from django.conf import settings


def canonical(value):
    """JSON with sorted keys and no blanks: one text for one value. NaN has none and raises ValueError."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def keyed(text):
    return hmac.new(settings.JOURNAL_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def utc(at):
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def row_mac(row):
    """The HMAC of everything a row says, its random uid included. Its number is covered by the seal over it."""
    return keyed(
        canonical(
            [
                str(row.uid),
                row.centre_id,
                utc(row.at),
                row.actor_id,
                row.verb,
                row.object_type,
                row.object_id,
                row.clause,
                row.facts,
                row.restricted,
            ]
        )
    )


def seal_digest(seal, previous_digest, macs):
    """The HMAC of a seal: its own numbers, the last seal's digest, and the rows it covers in their order.

    macs: an iterable of (row number, mac).
    """
    rows = hashlib.sha256()
    for number, mac in macs:
        rows.update(f"{number}:{mac}\n".encode())
    return keyed(
        canonical(
            [seal.centre_id, seal.number, utc(seal.at), seal.last_entry, seal.rows, previous_digest, rows.hexdigest()]
        )
    )
