"""Rotations as arithmetic: a cycle of shift-type codes ("" for rest), a first day, and a phase for each team."""

import dataclasses
import datetime as dt

from callcentre.words import pick

REST = ""


def code_on(cycle, *, starts_on, phase, on):
    """The shift-type code of a team on a date, REST for none. Dates before `starts_on` go by the same cycle."""
    return cycle[((on - starts_on).days + phase) % len(cycle)]


def dates(from_on, until_on):
    """Every date from the first to the last, both included."""
    return [from_on + dt.timedelta(days=number) for number in range((until_on - from_on).days + 1)]


@dataclasses.dataclass(frozen=True)
class TypePreset:
    code: str
    name_zh: str
    name_en: str
    letter_zh: str
    letter_en: str
    starts: dt.time
    ends: dt.time
    colour: str
    counts_as_day: bool = False

    @property
    def name(self):
        return pick(self.name_zh, self.name_en)

    @property
    def letter(self):
        return pick(self.letter_zh, self.letter_en)


@dataclasses.dataclass(frozen=True)
class Preset:
    """A rotation that call centres know by name. `phases` has one number for each team, in the teams' order."""

    code: str
    name_zh: str
    name_en: str
    cycle: tuple
    phases: tuple

    @property
    def name(self):
        return pick(self.name_zh, self.name_en)

    @property
    def goes_by_the_week(self):
        """Its cycle is a calendar week, Monday first: begun on another day, its rest would not fall on weekends."""
        return len(self.cycle) == 7

    @property
    def cycle_of_first_team(self):
        """The cycle from where the first team stands on the first day."""
        return self.cycle[self.phases[0] :] + self.cycle[: self.phases[0]]


TYPES = {
    preset.code: preset
    for preset in (
        TypePreset("D", "日班", "Day shift", "日", "D", dt.time(8), dt.time(16), "D", counts_as_day=True),
        TypePreset("M", "中班", "Middle shift", "中", "M", dt.time(16), dt.time(0), "M"),
        TypePreset("N", "夜班", "Night shift", "夜", "N", dt.time(0), dt.time(8), "N"),
        TypePreset("DL", "长日班", "Long day shift", "长", "DL", dt.time(8), dt.time(20), "D", counts_as_day=True),
        TypePreset("NL", "长夜班", "Long night shift", "晚", "NL", dt.time(20), dt.time(8), "N"),
        TypePreset("W", "常白班", "Weekday shift", "白", "W", dt.time(9), dt.time(18), "E", counts_as_day=True),
    )
}

PRESETS = {
    preset.code: preset
    for preset in (
        Preset(
            # Nights before days: a night begins at 00:00, so it may not follow the evening that ends there.
            "4x3",
            "四班三运转",
            "Four teams, three shifts",
            ("N", "N", "D", "D", "M", "M", REST, REST),
            (2, 4, 6, 0),
        ),
        Preset("4x2", "四班两运转", "Four teams, two shifts", ("DL", "NL", REST, REST), (0, 1, 2, 3)),
        Preset(
            "5x3",
            "五班三运转",
            "Five teams, three shifts",
            ("N", "N", "D", "D", "M", "M", REST, REST, REST, REST),
            (2, 4, 6, 8, 0),
        ),
        # Three teams cover two turns of twelve hours, one of them is off: two long days, two long nights, two days off,
        # of which the first begins in the morning after the night. It is 56 hours a week, over what the law allows
        # without a permit of comprehensive working hours and overtime: the checks say so.
        Preset("3x2", "三班两运转", "Three teams, two shifts", ("DL", "DL", "NL", "NL", REST, REST), (0, 2, 4)),
        Preset("4on2off", "做四休二", "Four days on, two off", ("D", "D", "D", "D", REST, REST), (0, 2, 4)),
        Preset("weekdays", "长白班", "Permanent day staff", ("W", "W", "W", "W", "W", REST, REST), (0,)),
    )
}
