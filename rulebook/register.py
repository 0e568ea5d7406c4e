"""The clause register: sections, clauses and parameters as the product ships them, read once from clauses.toml."""

import dataclasses
import datetime as dt
import re
import tomllib
from pathlib import Path

from callcentre.words import pick

KINDS = ("gate", "schedule", "record", "inspection", "access", "pledge")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})\Z")
NO_LEAP_YEAR = 2025


@dataclasses.dataclass(frozen=True)
class Section:
    key: str
    order: int
    zh: str
    en: str

    @property
    def name(self):
        return pick(self.zh, self.en)


@dataclasses.dataclass(frozen=True)
class ParameterSpec:
    """A number that a director may change: its clause, type, unit and inclusive range.

    A value has two forms. Stored, as in clauses.toml and the database: 24, "monday", "06-30", [30, 60, 240].
    Typed, as programs use it: 24, 0 (Monday as in date.weekday()), (6, 30), [30, 60, 240].
    """

    name: str
    clause: str
    type: str
    default: object
    label_zh: str
    label_en: str
    unit_zh: str = ""
    unit_en: str = ""
    min: int | None = None
    max: int | None = None

    @property
    def label(self):
        return pick(self.label_zh, self.label_en)

    @property
    def unit(self):
        return pick(self.unit_zh, self.unit_en)

    def typed(self, value):
        """The typed form of a value in either form. Raises ValueError where it is none of this type."""
        return CONVERTERS[self.type](value)

    def stored(self, value):
        """The stored form of a value in either form. Raises ValueError where it is none of this type."""
        typed = self.typed(value)
        if self.type == "weekday":
            return WEEKDAYS[typed]
        if self.type == "month-day":
            return "{:02}-{:02}".format(*typed)
        return typed


def to_int(value):
    if type(value) is not int:
        raise ValueError(value)
    return value


def to_ints(value):
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError(value)
    return [to_int(number) for number in value]


def to_weekday(value):
    if type(value) is int and 0 <= value < len(WEEKDAYS):
        return value
    if value in WEEKDAYS:
        return WEEKDAYS.index(value)
    raise ValueError(value)


def to_month_day(value):
    """(month, day) of a day that every year has."""
    if isinstance(value, str) and (match := MONTH_DAY.match(value)):
        value = tuple(int(part) for part in match.groups())
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise ValueError(value)
    month, day = (to_int(part) for part in value)
    dt.date(NO_LEAP_YEAR, month, day)
    return month, day


CONVERTERS = {"int": to_int, "list of int": to_ints, "weekday": to_weekday, "month-day": to_month_day}


@dataclasses.dataclass(frozen=True)
class Clause:
    id: str
    section: str
    order: int
    number_zh: str
    number_en: str
    kinds: tuple
    zh: str
    en: str
    live_zh: str
    live_en: str
    parameters: tuple
    pending: bool = False

    @property
    def number(self):
        return pick(self.number_zh, self.number_en)

    @property
    def text(self):
        return pick(self.zh, self.en)

    @property
    def live(self):
        return pick(self.live_zh, self.live_en)


def _read():
    """(sections, clauses, parameters) by their keys, in the rulebook's order."""
    source = tomllib.loads(Path(__file__).with_name("clauses.toml").read_text(encoding="utf-8"))
    sections, clauses, parameters = {}, {}, {}
    for section in source["sections"]:
        rows = section.pop("clauses")
        sections[section["key"]] = Section(order=len(sections) + 1, **section)
        for row in rows:
            specs = [ParameterSpec(clause=row["id"], **spec) for spec in row.pop("parameters", ())]
            parameters |= {spec.name: spec for spec in specs}
            row["kinds"] = tuple(row["kinds"])
            names = tuple(spec.name for spec in specs)
            clauses[row["id"]] = Clause(section=section["key"], order=len(clauses) + 1, parameters=names, **row)
    return sections, clauses, parameters


SECTIONS, CLAUSES, PARAMETERS = _read()
