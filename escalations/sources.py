"""Where a case was raised from: apps above say how their records are found again, and by whom.

A source is kept as "handover.entry:12": ids and codes, no text.
"""

import dataclasses
import re

SOURCES = {}
FORMAT = re.compile(r"[a-z_]+\.[a-z_]+:[0-9]{1,18}\Z")


@dataclasses.dataclass(frozen=True)
class Source:
    """A record as its reader finds it: `url` empty where there is no page of it for them, `words` what it says."""

    label: str
    url: str = ""
    words: str = ""


def source(model, find):
    """Declare a kind of record that cases are raised from. find(person, pk): a Source, None if it is not theirs."""
    SOURCES[model._meta.label_lower] = find


def name_of(row):
    return f"{row._meta.label_lower}:{row.pk}"


def of(text, person):
    """The Source that the text names, None where there is nothing that the person may see."""
    if not FORMAT.match(text):
        return None
    kind, _colon, pk = text.partition(":")
    find = SOURCES.get(kind)
    return find(person, int(pk)) if find else None
