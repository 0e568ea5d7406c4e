"""Periods for the checks, in memory: turns written as (person, day after MONDAY, code)."""

import datetime as dt

from shifts.checking import Calendar, Demands, Limits, Period, Scope, Slot
from shifts.rotations import TYPES
from tests import make

DAY = dt.timedelta(days=1)
NAMES = {code: (preset.name_zh, preset.name_en) for code, preset in TYPES.items()}
LEADER = 99


def span(preset):
    """The hours from midnight between which a turn lasts."""
    starts, ends = preset.starts.hour, preset.ends.hour
    return starts, ends if ends > starts else ends + 24


SPANS = {code: span(preset) for code, preset in TYPES.items()}


def day(number):
    return make.MONDAY + number * DAY


def slot(number, code, *, is_own=True, leader_id=LEADER, minutes_late=0):
    starts, ends = SPANS[code]
    midnight = make.at(0, on=day(number))
    late = dt.timedelta(minutes=minutes_late)
    return Slot(
        id=(number + 100) * 10 + sorted(SPANS).index(code),
        on=day(number),
        code=code,
        names=NAMES[code],
        team="甲班",
        starts_at=midnight + dt.timedelta(hours=starts) + late,
        ends_at=midnight + dt.timedelta(hours=ends),
        is_night=code.startswith("N"),
        is_own=is_own,
        leader_id=leader_id,
    )


def period(*turns, first=0, last=6, leader_id=LEADER, late=None, **facts):
    """A Period of MONDAY and the six days after it. late: {(day, code): minutes} that a turn begins later."""
    slots, by_person = {}, {}
    for person_id, number, code in turns:
        late_by = (late or {}).get((number, code), 0)
        made = slot(number, code, is_own=first <= number <= last, leader_id=leader_id, minutes_late=late_by)
        slots[made.id] = made
        by_person.setdefault(person_id, []).append(made.seat)
    for found in by_person.values():
        found.sort(key=lambda turn: turn.starts_at)
    years = {"calendar": Calendar({}, {2026: True})}
    return Period(day(first), day(last), turns=by_person, slots=slots, names=dict(NAMES), **years | facts)


def limits(**settings):
    """rest=("warn", 600), run="ignore": from long ago."""
    rows = []
    for code, setting in settings.items():
        effect, value = setting if isinstance(setting, tuple) else (setting, None)
        rows.append((code, make.FIRST_DAY, effect, value))
    return Limits(rows)


def demands(code="D", heads=2, kind="every"):
    return {"demands": Demands([(code, kind, make.FIRST_DAY, heads)]), "scopes": [scope(code)]}


def scope(*codes, first=0, last=6):
    return Scope(day(first), day(last), frozenset(codes))


def said(findings):
    """[(code, person, days after MONDAY)] without those about whole shifts that most tests are not about."""
    return [(found.code, found.person_id, (found.on - make.MONDAY).days) for found in findings]
