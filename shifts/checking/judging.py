"""The checks themselves: pure functions of a Period, made on every edit, so they pass over each turn few times."""

import collections
import datetime as dt

from callcentre import words
from shifts.checking.checks import IGNORE, PERIODS
from shifts.checking.findings import Finding
from shifts.checking.periods import DAY, HOLIDAY
from shifts.rotations import dates

WEEK = dt.timedelta(days=6)
DAYS = 7
NOTHING = dt.timedelta()
FULL_DAY = dt.timedelta(hours=24)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def judge(period, people=None):
    """[Finding] of the people (ids; by default everybody) and of the shifts, by date.

    A finding is about the plan's own turns within the period: what holds among others alone is not repeated.
    """
    found = []
    judge_one = Judge(period)
    for person_id in period.turns if people is None else people:
        if turns := period.turns.get(person_id):
            found += judge_one(person_id, turns)
    found += uncovered(period)
    found += leaderless(period)
    found += holidays(period)
    found += unknown_years(period)
    return sorted(found, key=lambda finding: finding.on)


def finding(code, rule, person_id, on, /, *, span=None, what="", size=0, **facts):
    from_on, until_on = span or (on, on)
    return Finding(code, rule.effect, person_id, on, from_on, until_on, what, size, facts)


class Rules(dict):
    """{(code, date): Rule}, each looked up once."""

    def __init__(self, limits):
        super().__init__()
        self.limits = limits

    def __missing__(self, key):
        self[key] = rule = self.limits.on(*key)
        return rule


class Judge:
    """The checks of one person's turns, with what is the same for everybody looked up once."""

    def __init__(self, period):
        self.period = period
        self.rules = Rules(period.limits)

    def __call__(self, person_id, turns):
        own = [turn for turn in turns if turn.is_own]
        if not own:
            return []
        return [
            *self.pairs(person_id, turns),
            *self.runs(person_id, turns),
            *self.weeks(person_id, turns, own),
            *self.periods(person_id, turns, own),
            *self.single(person_id, own),
        ]

    def pairs(self, person_id, turns):
        """overlap and rest: each turn with the one that ends last of those that begin before it."""
        rules, last = self.rules, turns[0]
        for turn in turns[1:]:
            if turn.is_own or last.is_own:
                gap = turn.starts_at - last.ends_at
                rest = rules["rest", turn.on]
                if turn.starts_at < last.ends_at:
                    yield self.pair("overlap", rules["overlap", turn.on], person_id, last, turn, -gap)
                elif rest.effect != IGNORE and gap < rest.value * MINUTE:
                    yield self.rest(rest, person_id, last, turn, gap)
            last = last if last.ends_at > turn.ends_at else turn

    def pair(self, code, rule, person_id, last, turn, size, /, **facts):
        names = self.period.names
        on = turn.on if turn.is_own else last.on
        facts |= {"other": names[last.code], "other_on": last.on, "type": names[turn.code], "on": turn.on}
        return finding(code, rule, person_id, on, size=int(size / MINUTE), **facts)

    def rest(self, rule, person_id, last, turn, gap):
        limit = rule.value * MINUTE
        return self.pair("rest", rule, person_id, last, turn, limit - gap, rest=gap, limit=limit)

    def runs(self, person_id, turns):
        """run: of days in a row on which a turn begins."""
        period, rules = self.period, self.rules
        for days in streaks(turns):
            excess = next((on for on, count in days.items() if count > rules["run", on].value), None)
            if excess is None or rules["run", excess].effect == IGNORE:
                continue
            first, last = next(iter(days)), next(reversed(days))
            if last < period.from_on or first > period.until_on:
                continue
            rule, on = rules["run", excess], clamped(excess, period)
            facts = {"from_on": first, "until_on": last, "days": len(days), "limit": rule.value}
            yield finding("run", rule, person_id, on, span=(first, last), size=len(days), **facts)

    def weeks(self, person_id, turns, own):
        """week_rest and week_hours: of the weeks, Monday to Sunday, in which the plan has a turn of the person."""
        unrested, minutes = unrested_days(turns), collections.Counter()
        for turn in turns:
            minutes[turn.week] += turn.minutes
        for monday in sorted({turn.week for turn in own}):
            yield from self.week_hours(person_id, monday, minutes[monday])
            yield from self.week_rest(person_id, monday, unrested)

    def week_hours(self, person_id, monday, minutes):
        rule = self.rules["week_hours", monday]
        if rule.effect != IGNORE and minutes > rule.value * 60:
            on = clamped(monday, self.period)
            yield self.hours("week_hours", rule, person_id, on, minutes, **week_facts(monday))

    def hours(self, code, rule, person_id, on, minutes, /, **facts):
        limit = rule.value * HOUR
        return finding(code, rule, person_id, on, size=minutes, worked=minutes * MINUTE, limit=limit, **facts)

    def week_rest(self, person_id, monday, unrested):
        rule = self.rules["week_rest", monday]
        if rule.effect == IGNORE:
            return
        days = DAYS - len(unrested.intersection(dates(monday, monday + WEEK)))
        if days < rule.value:
            on, facts = clamped(monday, self.period), {"days": days, "limit": rule.value, **week_facts(monday)}
            yield finding("week_rest", rule, person_id, on, size=rule.value - days, **facts)

    def periods(self, person_id, turns, own):
        """month_hours, quarter_hours and year_hours."""
        worked = None
        for code, months in PERIODS.items():
            for first in sorted({first_of(month, months) for month in {turn.month for turn in own}}):
                rule = self.rules[code, first]
                if rule.effect == IGNORE:
                    continue
                worked = worked or self.by_month(person_id, turns)
                yield from self.period_hours(code, rule, person_id, first, months, worked)

    def by_month(self, person_id, turns):
        """{first of month: minutes}; those outside the margin come summed up."""
        worked = collections.Counter()
        for turn in turns:
            worked[turn.month] += turn.minutes
        for first, minutes in self.period.minutes_outside.get(person_id, {}).items():
            worked[first] += minutes
        return worked

    def period_hours(self, code, rule, person_id, first, months, worked):
        last = last_of(first, months)
        minutes = sum(count for month, count in worked.items() if first <= month <= last)
        if minutes > rule.value * 60:
            facts = {
                "year": str(first.year),
                "quarter": (first.month + 2) // 3,
                "month": (f"{first.year}年{first.month}月", f"{words.MONTHS_EN[first.month - 1]} {first.year}"),
            }
            on = clamped(first, self.period)
            yield self.hours(code, rule, person_id, on, minutes, span=(first, last), **facts)

    def single(self, person_id, own):
        """on_leave and role: of each turn by itself."""
        leaves = self.period.leaves.get(person_id, ())
        for turn in own if leaves else ():
            if any(from_on <= turn.on <= until_on for from_on, until_on in leaves):
                yield from self.of_turn("on_leave", person_id, turn)
        steady = self.period.steady_roles(person_id)
        for turn in own:
            if not steady and not self.period.roles_on(person_id, turn.on):
                yield from self.of_turn("role", person_id, turn, why="none")
            elif turn.leads and not self.period.leads_on(person_id, turn.on):
                yield from self.of_turn("role", person_id, turn, why="leads")

    def of_turn(self, code, person_id, turn, /, **facts):
        rule = self.rules[code, turn.on]
        if rule.effect != IGNORE:
            type_names = self.period.names[turn.code]
            yield finding(code, rule, person_id, turn.on, what=turn.code, type=type_names, on=turn.on, **facts)


def week_facts(monday):
    sunday = monday + WEEK
    return {"span": (monday, sunday), "from_on": monday, "until_on": sunday}


def clamped(on, period):
    return min(max(on, period.from_on), period.until_on)


def monday_of(on):
    return on - dt.timedelta(days=on.weekday())


def first_of(on, months):
    """The first day of the month, quarter or year."""
    return on.replace(month=(on.month - 1) // months * months + 1, day=1)


def last_of(first, months):
    return first_of(first + dt.timedelta(days=31 * months), months) - DAY


def streaks(turns):
    """Each run of days in a row on which a turn begins: {date: how many so far}."""
    days = {}
    for turn in turns:
        if turn.on in days:
            continue
        if turn.on - DAY not in days:
            if days:
                yield days
            days = {}
        days[turn.on] = len(days) + 1
    if days:
        yield days


def unrested_days(turns):
    """The dates that are no days of rest: those on which a turn begins, and of those between two turns the first ones,
    where there are less than 24 free hours for each."""
    found, last = {turn.on for turn in turns}, turns[0]
    for turn in turns[1:]:
        between = (turn.on - last.on).days - 1
        if between > 0:
            rested = max(turn.starts_at - last.ends_at, NOTHING) // FULL_DAY
            found.update(last.on + DAY * number for number in range(1, between - rested + 1))
        last = last if last.ends_at > turn.ends_at else turn
    return found


def uncovered(period):
    """Of each day and type that a roster of the plan is to cover. Where no demand is set, somebody is needed."""
    planned = {(slot.on, slot.code) for slot in period.own_slots}
    kept = {(slot.on, slot.code) for slot in period.own_slots if slot.id in period.manned}
    for on, code in sorted(to_cover(period) | planned):
        rule, needed, heads = period.limits.on("uncovered", on), period.demand(on, code), period.heads[on, code]
        if needed is None:
            needed = 0 if (on, code) in kept or (on, code) not in planned else 1
        if rule.effect != IGNORE and heads < needed:
            facts = {"type": period.names[code], "on": on, "heads": heads, "needed": needed}
            yield finding("uncovered", rule, None, on, what=code, size=needed - heads, **facts)


def to_cover(period):
    return {
        (on, code)
        for scope in period.scopes
        for on in dates(max(scope.from_on, period.from_on), min(scope.until_on, period.until_on))
        for code in scope.codes & period.demands.codes
    }


def leaderless(period):
    """Shifts that somebody is on, and nobody leads."""
    for slot in period.own_slots:
        if slot.leader_id is None and slot.id in period.manned:
            rule = period.limits.on("leaderless", slot.on)
            if rule.effect != IGNORE:
                facts = {"type": slot.names, "on": slot.on, "team": slot.team}
                yield finding("leaderless", rule, None, slot.on, what=str(slot.id), **facts)


def holidays(period):
    """One for each type and public holiday on which people work."""
    for on, code in sorted({(slot.on, slot.code) for slot in period.own_slots}):
        rule = period.limits.on("holiday", on)
        if rule.effect != IGNORE and period.calendar.kind(on) == HOLIDAY and period.heads[on, code]:
            heads, (_kind, names) = period.heads[on, code], period.calendar.days[on]
            facts = {"type": period.names[code], "on": on, "heads": heads, "name": names}
            yield finding("holiday", rule, None, on, what=code, size=heads, **facts)


def unknown_years(period):
    """Years that the calendar does not know, or only by prediction."""
    for year in range(period.from_on.year, period.until_on.year + 1):
        on = max(period.from_on, dt.date(year, 1, 1))
        rule, is_announced = period.limits.on("calendar_unknown", on), period.calendar.years.get(year)
        if rule.effect != IGNORE and not is_announced:
            why = {} if is_announced is None else {"why": "predicted"}
            yield finding("calendar_unknown", rule, None, on, what=str(year), year=str(year), **why)
