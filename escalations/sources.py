"""Where a case was raised from: apps above say how their records are found again, and by whom.

A source is kept as "handover.entry:12": ids and codes, no text.
"""

import re

SOURCES = {}
FORMAT = re.compile(r"[a-z_]+\.[a-z_]+:[0-9]{1,18}\Z")


def source(label, find):
    """Declare a kind of record that cases are raised from. find(person, pk): (label, address) or None if unseen."""
    SOURCES[label] = find


def is_known(text):
    return bool(FORMAT.match(text)) and text.partition(":")[0] in SOURCES


def of(case, person):
    """(label, address) of what the case was raised from, None where there is nothing that the person may see."""
    label, _colon, pk = case.source.partition(":")
    find = SOURCES.get(label)
    return find(person, int(pk)) if find and pk.isdigit() else None
