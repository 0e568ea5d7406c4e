import collections
import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shifts.rotations import PRESETS, REST, TYPES, code_on, dates

MONDAY = dt.date(2026, 11, 23)
days = st.dates(dt.date(2015, 1, 1), dt.date(2040, 12, 31))


def codes_of_the_day(preset, starts_on, on):
    codes = (code_on(preset.cycle, starts_on=starts_on, phase=phase, on=on) for phase in preset.phases)
    return collections.Counter(code for code in codes if code != REST)


@pytest.mark.parametrize("key, expected", [("4x3", "DMN"), ("5x3", "DMN")])
@given(starts_on=days, on=days)
def test_each_type_of_a_three_shift_rotation_has_exactly_one_team_every_day(key, expected, starts_on, on):
    assert codes_of_the_day(PRESETS[key], starts_on, on) == collections.Counter(expected)


@pytest.mark.parametrize("key", ["3x2", "4x2"])
@given(starts_on=days, on=days)
def test_each_of_two_shifts_has_exactly_one_team_every_day(key, starts_on, on):
    assert codes_of_the_day(PRESETS[key], starts_on, on) == {"DL": 1, "NL": 1}


@given(starts_on=days, on=days)
def test_four_on_two_off_has_two_teams_of_three_at_work_every_day(starts_on, on):
    assert codes_of_the_day(PRESETS["4on2off"], starts_on, on) == {"D": 2}


@given(
    cycle=st.lists(st.sampled_from(["D", "M", "N", REST]), min_size=1, max_size=30),
    starts_on=days,
    phase=st.integers(0, 60),
    on=days,
)
def test_a_cycle_of_any_length_comes_round_and_a_phase_is_days_ahead(cycle, starts_on, phase, on):
    code = code_on(cycle, starts_on=starts_on, phase=phase, on=on)
    later = on + dt.timedelta(days=len(cycle))
    assert code == code_on(cycle, starts_on=starts_on, phase=phase, on=later)
    assert code == code_on(cycle, starts_on=starts_on, phase=0, on=on + dt.timedelta(days=phase))


def test_four_teams_in_three_shifts_read_as_the_floor_says_it():
    cycle = PRESETS["4x3"].cycle
    first = PRESETS["4x3"].phases[0]
    days = [code_on(cycle, starts_on=MONDAY, phase=first, on=on) for on in dates(MONDAY, MONDAY + dt.timedelta(9))]
    assert days == ["D", "D", "M", "M", REST, REST, "N", "N", "D", "D"]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_nobody_rests_under_eleven_hours(preset):
    spans = []
    for on in dates(MONDAY, MONDAY + dt.timedelta(len(preset.cycle) * 2)):
        if code := code_on(preset.cycle, starts_on=MONDAY, phase=0, on=on):
            found = TYPES[code]
            ends_on = on if found.ends > found.starts else on + dt.timedelta(1)
            spans.append((dt.datetime.combine(on, found.starts), dt.datetime.combine(ends_on, found.ends)))
    rests = [later[0] - earlier[1] for earlier, later in itertools.pairwise(spans)]
    assert min(rests) >= dt.timedelta(hours=11)


def test_permanent_day_staff_work_monday_to_friday():
    cycle = PRESETS["weekdays"].cycle
    week = [code_on(cycle, starts_on=MONDAY, phase=0, on=on) for on in dates(MONDAY, MONDAY + dt.timedelta(6))]
    assert week == ["W"] * 5 + [REST] * 2


def test_every_preset_names_types_that_exist():
    assert {code for preset in PRESETS.values() for code in preset.cycle if code} == set(TYPES)


def test_a_period_has_both_its_ends():
    assert dates(MONDAY, MONDAY) == [MONDAY]
    assert len(dates(dt.date(2028, 2, 1), dt.date(2028, 3, 1))) == 30
