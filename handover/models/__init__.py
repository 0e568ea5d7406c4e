"""The rows of the handover: logs, what is noted in them, what stays open and is added later. Import them from here."""

from handover.models.entries import Entry, EntryVersion
from handover.models.items import ItemAnswer, OpenItem
from handover.models.logs import READERS, Addendum, Log, Mark

__all__ = ["READERS", "Addendum", "Entry", "EntryVersion", "ItemAnswer", "Log", "Mark", "OpenItem"]
