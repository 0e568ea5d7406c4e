"""The rows of the handover: logs, what is noted in them, what stays open or is added later, and the desks.

Import them from here.
"""

from handover.models.desks import Closure, DeskRelief, Turn
from handover.models.entries import Entry, EntryVersion
from handover.models.items import ItemAnswer, OpenItem
from handover.models.logs import READERS, Addendum, Log, Mark

__all__ = [
    "READERS",
    "Addendum",
    "Closure",
    "DeskRelief",
    "Entry",
    "EntryVersion",
    "ItemAnswer",
    "Log",
    "Mark",
    "OpenItem",
    "Turn",
]
