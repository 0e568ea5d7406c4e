"""Each check at its border, in memory."""

import datetime as dt
import sys

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from callcentre.refusals import Refused
from people.models import Role
from shifts import rules
from shifts.checking import CHECKS, Calendar, Demands, Finding, Limits, judge, new_findings
from shifts.rotations import PRESETS, code_on
from tests import make
from tests.make_checks import LEADER, SPANS, day, demands, limits, period, said, scope, slot

ANNA, BEN = 1, 2
HOUR = dt.timedelta(hours=1)


def codes(findings):
    return [found.code for found in findings]


def worked(*numbers, code="D", person=ANNA):
    return [(person, number, code) for number in numbers]


# Rest


def test_eleven_hours_of_rest_are_enough_and_a_minute_less_is_not():
    """NL ends at 08:00, the next begins at 19:00, written as M begun three hours late."""
    turns = [(ANNA, 0, "NL"), (ANNA, 1, "M")]
    assert judge(period(*turns, late={(1, "M"): 180})) == []
    found = judge(period(*turns, late={(1, "M"): 179}))
    assert said(found) == [("rest", ANNA, 1)]
    assert found[0].refuses
    assert found[0].facts["rest"] == 11 * HOUR - dt.timedelta(minutes=1)


def test_turns_that_touch_have_no_rest():
    found = judge(period((ANNA, 0, "M"), (ANNA, 1, "N")))
    assert said(found) == [("rest", ANNA, 1)]
    assert found[0].size == 660


def test_rest_is_looked_at_over_the_edge_of_the_period():
    assert said(judge(period((ANNA, -1, "M"), (ANNA, 0, "N")))) == [("rest", ANNA, 0)]
    assert said(judge(period((ANNA, 6, "M"), (ANNA, 7, "N")))) == [("rest", ANNA, 6)]
    assert judge(period((ANNA, -2, "M"), (ANNA, -1, "N"), (ANNA, 3, "D"))) == []


def test_another_limit_and_effect_of_rest():
    turns = [(ANNA, 0, "D"), (ANNA, 0, "NL")]
    assert said(judge(period(*turns))) == [("rest", ANNA, 0)]
    assert judge(period(*turns, limits=limits(rest=("refuse", 240)))) == []
    assert [found.effect for found in judge(period(*turns, limits=limits(rest=("warn", 241))))] == ["warn"]
    assert judge(period(*turns, limits=limits(rest="ignore"))) == []


# Overlap


def test_an_overlap_is_found_and_no_setting_makes_it_pass():
    found = judge(period((ANNA, 0, "D"), (ANNA, 0, "DL"), limits=limits(overlap="ignore")))
    assert said(found) == [("overlap", ANNA, 0)]
    assert found[0].refuses
    assert found[0].size == 8 * 60


def test_a_long_turn_overlaps_the_one_after_the_next():
    found = judge(period((ANNA, 0, "DL"), (ANNA, 0, "D"), (ANNA, 0, "M")))
    assert codes(found) == ["overlap", "overlap"]


# Days in a row


def test_six_days_in_a_row_pass_and_the_seventh_does_not():
    assert judge(period(*worked(*range(6)))) == []
    found = judge(period(*worked(*range(7)), limits=limits(week_rest="ignore", week_hours="ignore")))
    assert said(found) == [("run", ANNA, 6)]
    assert (found[0].from_on, found[0].until_on, found[0].size) == (day(0), day(6), 7)


def test_a_run_is_counted_over_the_edge_of_the_period():
    before = worked(*range(-5, 0))
    assert "run" not in codes(judge(period(*before, *worked(0))))
    assert said(judge(period(*before, *worked(0, 1)))) == [("run", ANNA, 1)]
    after = judge(period(*worked(6), *worked(*range(7, 13))))
    assert said(after) == [("run", ANNA, 6)]


def test_two_turns_of_a_day_are_one_day():
    turns = [*worked(*range(6)), (ANNA, 5, "NL")]
    assert "run" not in codes(judge(period(*turns)))


def test_a_run_beside_the_period_is_none_of_it():
    found = judge(period(*worked(*range(-9, -1)), (ANNA, 2, "D")))
    assert found == []


# A day of rest in the week


def test_a_week_without_a_day_of_rest():
    found = judge(period(*worked(*range(7)), limits=limits(run="ignore", week_hours="ignore")))
    assert said(found) == [("week_rest", ANNA, 0)]
    assert (found[0].from_on, found[0].until_on) == (day(0), day(6))


def test_the_day_after_a_long_night_rests_only_with_24_free_hours():
    """Off on Saturday after a night that ends at 08:00 that day: until Sunday 08:00 it is a day of rest, until
    00:00 it is none."""
    week = [*worked(0, 1, 2, 3), (ANNA, 4, "NL")]
    lenient = limits(run="ignore", week_hours="ignore", rest="ignore")
    assert judge(period(*week, (ANNA, 6, "D"), limits=lenient)) == []
    assert codes(judge(period(*week, (ANNA, 6, "N"), limits=lenient))) == ["week_rest"]


def test_two_days_off_may_leave_time_for_one_of_rest():
    turns = [*worked(0, 1, 2), (ANNA, 3, "NL"), (ANNA, 6, "N")]  # free from Friday 08:00 to Sunday 00:00
    assert codes(judge(period(*turns, limits=limits(week_rest=("refuse", 2))))) == ["week_rest"]
    assert judge(period(*turns, limits=limits(week_rest=("refuse", 1)))) == []


def test_a_period_that_ends_inside_a_week_counts_what_is_planned_after_it():
    week = worked(*range(7))
    found = judge(period(*week, last=2, limits=limits(run="ignore", week_hours="ignore")))
    assert said(found) == [("week_rest", ANNA, 0)]
    assert judge(period(*worked(0, 1, 2), last=2)) == []


# Hours


def test_hours_of_a_week_at_the_limit():
    assert judge(period(*worked(*range(6)))) == []
    found = judge(period(*worked(0, 1, 2, 3, code="DL"), (ANNA, 5, "D")))
    assert said(found) == [("week_hours", ANNA, 0)]
    assert (found[0].effect, found[0].size) == ("warn", 56 * 60)
    assert judge(period(*worked(0, 1, 2, 3, code="DL"), (ANNA, 5, "D"), limits=limits(week_hours=("warn", 56)))) == []


def test_hours_of_a_month_with_what_lies_outside_the_days():
    """MONDAY is the 23rd: 40 hours in November's last week, the rest comes summed up."""
    november = {dt.date(2026, 11, 1): 161 * 60, dt.date(2026, 10, 1): 900 * 60}
    week = worked(*range(5))
    assert judge(period(*week, minutes_outside={ANNA: november})) == []
    november[dt.date(2026, 11, 1)] += 1
    found = judge(period(*week, minutes_outside={ANNA: november}))
    assert said(found) == [("month_hours", ANNA, 0)]
    assert found[0].size == 201 * 60 + 1


def test_hours_over_a_month_border_count_for_their_own_month():
    outside = {dt.date(2026, 11, 1): 160 * 60, dt.date(2026, 12, 1): 194 * 60}
    found = judge(period(*worked(5, 6, 7, 8), first=5, last=8, minutes_outside={ANNA: outside}))
    assert said(found) == [("month_hours", ANNA, 8)]  # the 1st of December: 194 + 8 hours


def test_hours_of_a_quarter_and_of_a_year():
    months = {dt.date(2026, number, 1): 200 * 60 for number in range(1, 13)}
    made = limits(month_hours="ignore", quarter_hours="warn", year_hours="warn")
    found = judge(period(*worked(0), minutes_outside={ANNA: months}, limits=made))
    assert said(found) == [("quarter_hours", ANNA, 0)]
    assert found[0].size == (3 * 200 + 8) * 60
    months[dt.date(2026, 1, 1)] = 209 * 60
    assert codes(judge(period(*worked(0), minutes_outside={ANNA: months}, limits=made))) == [
        "quarter_hours",
        "year_hours",
    ]


# Cover and leaders


def test_fewer_people_than_wanted():
    found = judge(period((ANNA, 0, "D"), **demands(heads=2), last=0))
    assert said(found) == [("uncovered", None, 0)]
    assert (found[0].what, found[0].size, found[0].effect) == ("D", 1, "warn")
    assert judge(period((ANNA, 0, "D"), (BEN, 0, "D"), **demands(heads=2), last=0)) == []


def test_a_wanted_turn_that_nobody_planned():
    assert said(judge(period(**demands(heads=1), last=0))) == [("uncovered", None, 0)]
    beside = {"demands": demands(heads=1)["demands"], "scopes": [scope("M")]}
    assert judge(period(**beside, last=0)) == []  # this roster has no such turns


def test_a_turn_without_a_demand_needs_somebody():
    empty = {0: slot(0, "D", leader_id=None)}
    assert said(judge(with_slots(empty))) == [("uncovered", None, 0)]
    assert judge(with_slots({0: slot(0, "D", leader_id=LEADER)})) == []


def with_slots(slots):
    made = period(last=0)
    made.slots = slots
    return made


def test_demand_by_the_kind_of_day():
    rows = [("D", "every", 9), ("D", "workday", 3), ("D", "rest", 2), ("D", "holiday", 1)]
    wanted = Demands([(code, kind, make.FIRST_DAY, heads) for code, kind, heads in rows])
    calendar = Calendar({day(1): ("holiday", ("节日", "A feast")), day(5): ("workday", ("调休上班", ""))}, {2026: True})
    made = period(demands=wanted, calendar=calendar)
    assert [made.demand(day(number), "D") for number in (0, 1, 5, 6)] == [3, 1, 3, 2]
    fallen = period(demands=Demands([("D", "rest", make.FIRST_DAY, 2)]), calendar=calendar)
    assert [fallen.demand(day(number), "D") for number in (0, 1, 5, 6)] == [None, 2, None, 2]
    assert period(demands=Demands([("D", "every", make.FIRST_DAY, 9)])).demand(day(3), "D") == 9


def test_demand_holds_from_its_date_on():
    wanted = Demands([("D", "every", make.FIRST_DAY, 1), ("D", "every", day(3), 5)])
    made = period(demands=wanted)
    assert [made.demand(day(number), "D") for number in (2, 3)] == [1, 5]
    assert Demands([("D", "every", day(3), 5)]).heads("D", "workday", day(2)) is None


def test_a_shift_with_people_and_no_leader():
    found = judge(period((ANNA, 0, "D"), leader_id=None))
    assert said(found) == [("leaderless", None, 0)]
    assert judge(period((ANNA, 0, "D"))) == []


# Leave and roles


def test_a_turn_on_leave():
    leaves = {ANNA: [(day(1), day(2))]}
    found = judge(period((ANNA, 0, "D"), (ANNA, 2, "D"), (ANNA, 3, "D"), (BEN, 2, "D"), leaves=leaves))
    assert said(found) == [("on_leave", ANNA, 2)]
    assert found[0].refuses


def test_roles_of_the_day():
    held = {ANNA: [(Role.AGENT, make.FIRST_DAY, day(1))], BEN: [(Role.LEADER, day(1), None)]}
    turns = [(ANNA, 1, "D"), (ANNA, 2, "D"), (BEN, 1, "M"), (BEN, 2, "M")]
    assert said(judge(period(*turns, roles=held))) == [("role", ANNA, 2)]
    led = period(roles=held).with_changes(added=[(ANNA, slot(1, "D", leader_id=None), True)])
    assert said(judge(led)) == [("role", ANNA, 1)]
    assert judge(period(*turns)) == []  # roles are not looked at


# The calendar


def test_work_on_a_holiday_is_one_finding_for_each_type():
    calendar = Calendar({day(0): ("holiday", ("国庆节", "National Day"))}, {2026: True})
    found = judge(period((ANNA, 0, "D"), (BEN, 0, "D"), (3, 0, "M"), calendar=calendar))
    assert [(each.code, each.what, each.size, each.effect) for each in found] == [
        ("holiday", "D", 2, "note"),
        ("holiday", "M", 1, "note"),
    ]


def test_a_make_up_workday_is_none():
    calendar = Calendar({day(5): ("workday", ("调休上班", ""))}, {2026: True})
    assert judge(period((ANNA, 5, "D"), calendar=calendar)) == []


def test_a_year_that_is_not_known_is_said_and_not_guessed():
    found = judge(period(calendar=Calendar()))
    assert [(each.code, each.what, each.effect) for each in found] == [("calendar_unknown", "2026", "note")]
    over = judge(period(first=36, last=42, calendar=Calendar({}, {2026: True})))  # 29 December to 4 January
    assert [(each.what, each.on) for each in over] == [("2027", dt.date(2027, 1, 1))]
    predicted = judge(period(calendar=Calendar({}, {2026: False})))
    assert [each.facts.get("why") for each in predicted] == ["predicted"]


# Dated settings


def test_a_setting_holds_from_its_day_on():
    rows = [("rest", day(1), "warn", 600), ("rest", day(3), "ignore", None), ("rest", day(5), "refuse", 700)]
    made = Limits(reversed(rows))
    assert [made.on("rest", day(number)).effect for number in (0, 1, 2, 3, 5)] == [
        "refuse",
        "warn",
        "warn",
        "ignore",
        "refuse",
    ]
    assert [made.on("rest", day(number)).value for number in (0, 2, 3, 6)] == [660, 600, 660, 700]


def test_only_the_days_of_a_setting_go_by_it():
    turns = [(ANNA, 0, "M"), (ANNA, 1, "N"), (ANNA, 3, "M"), (ANNA, 4, "N")]
    made = Limits([("rest", day(2), "warn", None)])
    found = judge(period(*turns, limits=made))
    assert [(each.code, each.effect) for each in found] == [("rest", "refuse"), ("rest", "warn")]


# Changes


def test_a_change_is_judged_in_memory():
    before = period((ANNA, 0, "M"), (BEN, 1, "N"), (BEN, 4, "D"))
    after = before.with_changes(removed=[(BEN, slot(1, "N"))], added=[(ANNA, slot(1, "N"))])
    assert judge(before) == []
    assert said(judge(after)) == [("rest", ANNA, 1)]
    assert judge(before) == []  # the first one is as it was
    assert said(new_findings(judge(before), judge(after))) == [("rest", ANNA, 1)]
    assert judge(after.with_changes(removed=[(ANNA, slot(1, "N"))], added=[(BEN, slot(1, "N"))])) == []


def test_taking_a_turn_away_uncovers_it_and_the_leader_too():
    before = period((ANNA, 0, "D"), last=0, **demands(heads=1))
    after = before.with_changes(removed=[(ANNA, slot(0, "D")), (LEADER, slot(0, "D"))])
    assert codes(judge(after)) == ["uncovered"]
    held = {LEADER: [(Role.LEADER, make.FIRST_DAY, None)], ANNA: [(Role.AGENT, make.FIRST_DAY, None)]}
    led = period(roles=held).with_changes(added=[(ANNA, slot(0, "D", leader_id=None)), (LEADER, slot(0, "D"))])
    assert [turn.leads for turn in (*led.turns[ANNA], *led.turns[LEADER])] == [False, True]


def test_less_of_a_breach_is_not_new_and_more_is():
    whole, shorter = worked(*range(9)), worked(*range(8))
    lenient = limits(week_rest="ignore", week_hours="ignore")
    longer, less = (judge(period(*turns, last=8, limits=lenient)) for turns in (whole, shorter))
    assert (codes(longer), codes(less)) == (["run"], ["run"])
    assert new_findings(longer, less) == []
    assert codes(new_findings(less, longer)) == ["run"]
    assert new_findings(less, less) == []


def test_findings_are_equal_by_what_they_are_not_by_their_words():
    one = Finding("rest", "refuse", ANNA, day(0), day(0), day(0), facts={"rest": HOUR})
    assert one == Finding("rest", "refuse", ANNA, day(0), day(0), day(0), facts={})
    assert one.key != Finding("rest", "refuse", BEN, day(0), day(0), day(0)).key


# Words


def every_finding():
    away = {ANNA: [(day(0), day(6))]}
    calendar = Calendar({day(5): ("holiday", ("国庆节", "National Day"))}, {})
    outside = {ANNA: dict.fromkeys([dt.date(2026, 11, 1), dt.date(2026, 10, 1)], 20000 * 60)}
    made = limits(quarter_hours="warn", year_hours="warn")
    roles = {BEN: [(Role.AGENT, make.FIRST_DAY, None)]}
    turns = [*worked(*range(7)), (ANNA, 0, "DL"), (ANNA, 1, "N"), (BEN, 5, "D")]
    facts = {"leaves": away, "calendar": calendar, "minutes_outside": outside, "limits": made, "roles": roles}
    whole = period(*turns, **facts, **demands(heads=9), leader_id=None)
    return judge(whole.with_changes(added=[(BEN, slot(3, "M", leader_id=None), True)]))


def test_every_check_has_its_sentence_in_both_languages():
    found = every_finding()
    assert {each.code for each in found} == set(CHECKS)
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert [each.text for each in found if "%(" in each.text or not each.text] == []


def test_sentences():
    found = judge(period((ANNA, 0, "M"), (ANNA, 1, "N"), (BEN, 0, "D"), **demands(heads=2), last=1))
    with translation.override("en"):
        assert [each.text for each in found] == [
            "Day shift of 23 Nov has 1 people; it needs 2",
            "Only 0 h of rest between Middle shift of 23 Nov and Night shift of 24 Nov; at least 11 h",
            "Day shift of 24 Nov has 0 people; it needs 2",
        ]


# The rule


def test_what_refuses_is_refused_with_the_first_and_a_count():
    two = judge(period((ANNA, 0, "M"), (ANNA, 1, "N"), (BEN, 2, "M"), (BEN, 3, "N")))
    with pytest.raises(Refused) as refused, translation.override("en"):
        rules.check_breaches(two, {ANNA: "李娜"})
    assert (refused.value.code, refused.value.facts["findings"]) == ("roster_breach", two)
    with translation.override("en"):
        said_first = "李娜: Only 0 h of rest between Middle shift of 23 Nov and Night shift of 24 Nov; at least 11 h"
        assert str(refused.value) == f"{said_first} (and 1 more)."


def test_warnings_pass():
    rules.check_breaches(judge(period((ANNA, 0, "D"), **demands(heads=3))))


# The known rotations keep the defaults, whatever week they begin in


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.code)
def test_the_known_rotations_are_legal_by_default(preset):
    turns = []
    for team in range(len(preset.cycle) * 7):  # each phase with each weekday of the first day
        for number in range(-21, 35):
            code = code_on(preset.cycle, starts_on=make.MONDAY, phase=team, on=day(number))
            turns += [(team, number, code)] if code else []
    found = judge(period(*turns, last=13))
    assert [each for each in found if each.refuses] == []


def test_a_month_of_sixty_people_is_judged_in_few_steps():
    """It is judged on every edit: 1,395 turns took 5 ms and 15,500 calls of Python when it was written."""
    cycle = PRESETS["4x3"].cycle
    turns = [
        (person, number, code)
        for person in range(60)
        for number in range(-7, 38)
        if (code := code_on(cycle, starts_on=make.MONDAY, phase=person % 4 * 2, on=day(number)))
    ]
    roles = dict.fromkeys(range(60), [(Role.AGENT, make.FIRST_DAY, None)])
    month = period(*turns, last=30, roles=roles, **demands(heads=10))
    count, found = counted(judge, month)
    assert found == []
    assert sum(turn.is_own for each in month.turns.values() for turn in each) == 1395
    assert count < 20_000


def counted(step, *args):
    """(how many functions it calls, of Python and built in; what it returns)"""
    count = 0

    def profile(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        result = step(*args)
    finally:
        sys.setprofile(None)
    return count, result


# Against a judge that is slow and plain

turns_of_days = st.dictionaries(
    st.integers(-9, 16), st.lists(st.sampled_from(sorted(SPANS)), min_size=1, max_size=2, unique=True), max_size=26
)


@settings(deadline=None, max_examples=150)
@given(turns_of_days, st.integers(0, 720), st.integers(1, 9), st.integers(1, 3), st.integers(8, 70))
def test_the_same_as_a_plain_judge(by_day, rest, run, week_rest, week_hours):
    turns = [(ANNA, number, code) for number, each in by_day.items() for code in each]
    made = limits(
        rest=("refuse", rest),
        run=("refuse", run),
        week_rest=("refuse", week_rest),
        week_hours=("warn", week_hours),
        month_hours="ignore",
    )
    found = judge(period(*turns, limits=made))
    plain = Plain(turns)
    assert bool({"rest", "overlap"} & set(codes(found))) == plain.is_too_close(rest)
    assert ("overlap" in codes(found)) == plain.overlaps()
    assert ("run" in codes(found)) == plain.runs_over(run)
    weeks = {each.from_on for each in found if each.code == "week_rest"}
    assert weeks == ({make.MONDAY} if plain.is_own and plain.rested() < week_rest else set())
    assert ("week_hours" in codes(found)) == (plain.is_own and plain.hours() > week_hours)


class Plain:
    """Looks at every pair of turns and every day of the week from MONDAY on."""

    def __init__(self, turns):
        self.spans = sorted(
            (number * 24 + SPANS[code][0], number * 24 + SPANS[code][1], number) for _p, number, code in turns
        )
        self.days = {number for _starts, _ends, number in self.spans}
        self.is_own = any(0 <= number <= 6 for number in self.days)

    def pairs(self):
        for index, first in enumerate(self.spans):
            for second in self.spans[index + 1 :]:
                if 0 <= first[2] <= 6 or 0 <= second[2] <= 6:
                    yield second[0] - first[1]

    def is_too_close(self, minutes):
        return any(gap * 60 < minutes or gap < 0 for gap in self.pairs())

    def overlaps(self):
        return any(gap < 0 for gap in self.pairs())

    def runs_over(self, limit):
        windows = (range(start, start + limit + 1) for start in range(-40, 40))
        runs = [window for window in windows if all(number in self.days for number in window)]
        return self.is_own and any(self.touches(window) for window in runs)

    def touches(self, window):
        """Whether the run that the days are part of comes into the week."""
        first, last = min(window), max(window)
        while first - 1 in self.days:
            first -= 1
        while last + 1 in self.days:
            last += 1
        return first <= 6 and last >= 0

    def rested(self):
        return sum(self.is_rested(number) for number in range(7))

    def is_rested(self, number):
        before = [ends for _starts, ends, on in self.spans if on < number]
        after = [(starts, on) for starts, _ends, on in self.spans if on > number]
        if number in self.days:
            return False
        if not before or not after:
            return True
        starts, on = min(after)
        return starts - max(before) >= 24 * (on - number)

    def hours(self):
        return sum(ends - starts for starts, ends, number in self.spans if 0 <= number <= 6)
