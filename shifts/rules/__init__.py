"""The decisions of shifts, by what they are about; a caller needs only `from shifts import rules`."""

from shifts.rules.rosters import (
    check_archive,
    check_may_plan,
    check_new_rotation,
    check_period,
    check_publish,
    check_rotation,
)

__all__ = [
    "check_archive",
    "check_may_plan",
    "check_new_rotation",
    "check_period",
    "check_publish",
    "check_rotation",
]
