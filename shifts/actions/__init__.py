"""The verbs of shifts, by what they are about; a caller needs only `from shifts import actions`."""

from shifts.actions.rosters import archive_roster, covering, make_roster, publish_roster
from shifts.actions.rotations import ensure_shift_type, made_of, make_rotation, record_setting

__all__ = [
    "archive_roster",
    "covering",
    "ensure_shift_type",
    "made_of",
    "make_roster",
    "make_rotation",
    "publish_roster",
    "record_setting",
]
