"""The rows of the handover: logs, what is noted in them, what stays open or is added later, and the desks.

Import them from here.
"""

from handover.models.desks import Closure, DeskRelief, Turn
from handover.models.entries import Entry, EntryTerm, EntryVersion, Mention
from handover.models.files import EntryFile
from handover.models.items import ItemAnswer, OpenItem
from handover.models.logs import READERS, Addendum, Log, Mark
from handover.models.phrases import LONGEST_PHRASE, Phrase

__all__ = [
    "LONGEST_PHRASE",
    "READERS",
    "Addendum",
    "Closure",
    "DeskRelief",
    "Entry",
    "EntryFile",
    "EntryTerm",
    "EntryVersion",
    "ItemAnswer",
    "Log",
    "Mark",
    "Mention",
    "OpenItem",
    "Phrase",
    "Turn",
]
