"""Where and when people work: places and turns of the day, rotations, rosters, and what happens to them."""

from shifts.models.changes import Change, Edit, Version
from shifts.models.feeds import Feed
from shifts.models.leave import Leave
from shifts.models.limits import Demand, Limit
from shifts.models.places import Colour, Desk, Room, ShiftType
from shifts.models.roll_calls import Call, RollCall
from shifts.models.rosters import LONGEST_SHIFT, PUBLISHED_PLAN, Assignment, Roster, Shift, month_span
from shifts.models.rotations import Rotation, RotationPlace
from shifts.models.solving import Run, Wish
from shifts.models.swaps import Swap

__all__ = [
    "LONGEST_SHIFT",
    "PUBLISHED_PLAN",
    "Assignment",
    "Call",
    "Change",
    "Colour",
    "Demand",
    "Desk",
    "Edit",
    "Feed",
    "Leave",
    "Limit",
    "RollCall",
    "Room",
    "Roster",
    "Rotation",
    "RotationPlace",
    "Run",
    "Shift",
    "ShiftType",
    "Swap",
    "Version",
    "Wish",
    "month_span",
]
