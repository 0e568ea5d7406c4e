"""Where and when people work: places and turns of the day, rotations, rosters, and what happens to them."""

from shifts.models.places import Colour, Desk, Room, ShiftType
from shifts.models.rosters import LONGEST_SHIFT, Assignment, Roster, Shift, month_span
from shifts.models.rotations import Rotation, RotationPlace

__all__ = [
    "LONGEST_SHIFT",
    "Assignment",
    "Colour",
    "Desk",
    "Room",
    "Roster",
    "Rotation",
    "RotationPlace",
    "Shift",
    "ShiftType",
    "month_span",
]
