"""What the solver is asked about a draft, read from the database in a number of statements that does not grow.

Leaders and agents are two problems, solved at the same time. Leading is work of its own: demand does not count the
leader, a leader is not one of the heads, and neither can stand in for the other. So nothing ties the two together, and
two small problems are sooner solved than one in which each shift type stands twice. Somebody who changes sides within
the period is planned on the side on which they work more; the days of the other stay as the draft has them.

Only what refuses is a hard rule here (see shifts.checking): what a week or a month may hold, where the centre says so.
A month's limit is kept exactly for a draft within one month; of a longer one the sum of its months is.
"""

import collections
import datetime as dt
import functools
import itertools

from django.db.models import Q

from callcentre import clock
from people.models import Person, Role
from shifts.checking import Period
from shifts.checking.checks import PERIODS, REFUSE
from shifts.models import Colour, RotationPlace, Shift, ShiftType, Wish
from shifts.rotations import dates
from shifts.solver import Cover, Fairness, Kind, Member, Problem
from shifts.solver import Wish as SolverWish

LEADERS, AGENTS = GROUPS = "leaders", "agents"
ROLE_OF = {LEADERS: Role.LEADER, AGENTS: Role.AGENT}
ROLES = frozenset(ROLE_OF.values())
DAY, WEEK, SATURDAY = dt.timedelta(days=1), 7, 5

# Costs. One missing person outweighs whatever else a month of one person can cost.
UNDER = 1000
OVER_LEADERS = 200  # a second leader would be one of the heads instead
UNWANTED, OVER = 10, 1  # where nobody is wanted, and where more come than the draft has
WISH, FAIR, KEEP = 10, 4, 2
FACTORS = {0: 0, 1: 1, 2: 4}  # by Run.Weight

# Hours are shared out by how many days each is there, give or take two shifts; nobody is asked for more than three days
# of four, and somebody who is hardly there is asked for nothing.
SLACK_SHIFTS, MOST_OF_DAYS, FEW_DAYS = 2, 0.75, 10


def today(roster, at):
    return clock.local_date(roster.centre, at)


def open_days(roster, at):
    """The draft's dates that have not begun: those that a run plans."""
    return [on for on in dates(roster.from_on, roster.until_on) if on > today(roster, at)]


class Draft:
    """A draft roster as the solver is to see it. `frozen`: people left as they are; `unbound`: without fair hours."""

    def __init__(self, run, at):
        self.run, self.roster = run, run.roster
        self.days = dates(self.roster.from_on, self.roster.until_on)
        self.begun = len(self.days) - len(open_days(self.roster, at))
        self.place = {on: number for number, on in enumerate(self.days)}
        self.frozen, self.unbound = set(), set()
        self.period = Period.load(self.roster.centre, self.roster.from_on, self.roster.until_on, plan=self.roster.plan)
        self.types = {row.code: row for row in ShiftType.objects.filter(centre=self.roster.centre_id)}
        for row in self.types.values():
            row.centre = self.roster.centre
        self.groups = {person: group for person in people_of(self.roster) if (group := self._group(person))}
        wishes = Wish.objects.filter(person__in=self.groups).between(self.days[self.begun], self.days[-1])
        self.wishes = list(wishes.select_related("type"))

    # ---- who

    def _group(self, person):
        """By the days on which they hold a role; of somebody with both, by what they do more in the draft."""
        held = [self.roles_on(person, on) for on in self.days[self.begun :]]
        leads = sum(Role.LEADER in roles for roles in held)
        works = sum(Role.AGENT in roles for roles in held)
        if leads and leads == works:
            leads = sum(turn.leads for turn in self.own(person))
            works = sum(not turn.leads for turn in self.own(person))
            return LEADERS if leads >= works else AGENTS
        if leads == works == 0:
            return None
        return LEADERS if leads > works else AGENTS

    def roles_on(self, person, on):
        return ROLES.intersection(self.period.roles_on(person, on))

    def people(self, group):
        return [person for person, own in self.groups.items() if own == group and person not in self.frozen]

    # ---- what the draft has

    @functools.cache  # noqa: B019 - as long as the draft
    def own(self, person):
        return [turn for turn in self.period.turns.get(person, ()) if turn.is_own]

    def other(self, person):
        """Published turns beside the draft: the days before it, and what the person works elsewhere."""
        return [turn for turn in self.period.turns.get(person, ()) if not turn.is_own]

    def line(self, person):
        """The draft's code of each day; of two turns on a day the first."""
        line = [None] * len(self.days)
        for turn in reversed(self.own(person)):
            line[self.place[turn.on]] = turn.code
        return line

    def start(self, person, off):
        return tuple(None if day in off else code for day, code in enumerate(self.line(person)))

    @functools.cached_property
    def codes(self):
        """The shift types to plan: of the rotation, and what the draft has besides."""
        asked = {slot.code for slot in self.period.own_slots}
        return asked | (self.roster.rotation.codes if self.roster.rotation else set())

    # ---- which days are decided

    def off(self, person):
        """Open days on which the person cannot work: on leave, busy in another roster, or not here."""
        busy, leaves = {turn.on for turn in self.other(person)}, self.period.leaves.get(person, ())
        return frozenset(
            day
            for day, on in enumerate(self.days)
            if day >= self.begun
            and (on in busy or not self.roles_on(person, on) or any(first <= on <= last for first, last in leaves))
        )

    def fixed(self, person, off):
        """Days that stay as they are: begun, or on which the person works on the other side."""
        role, line = ROLE_OF[self.groups[person]], self.line(person)
        return {
            day: line[day]
            for day, on in enumerate(self.days)
            if day < self.begun or (day not in off and role not in self.roles_on(person, on))
        }

    # ---- what is needed

    @functools.cached_property
    def needs(self):
        """{group: Counter of (day, code)}, of the open days."""
        needs: dict[str, collections.Counter] = {group: collections.Counter() for group in GROUPS}
        assigned, elsewhere, shifts = self._counts()
        for day, code in itertools.product(range(self.begun, len(self.days)), self.codes):
            wanted = self.period.demand(self.days[day], code)
            heads = assigned[day, code] if wanted is None else max(0, wanted - elsewhere[day, code])
            needs[AGENTS][day, code] = heads
            needs[LEADERS][day, code] = 0 if wanted == 0 else shifts[day, code] or int(heads > 0)
        return needs

    def _counts(self):
        """Counters of (day, code): who is assigned in the draft, and in other rosters, and the draft's shifts."""
        assigned: collections.Counter = collections.Counter()
        elsewhere: collections.Counter = collections.Counter()
        for turn in itertools.chain.from_iterable(self.period.turns.values()):
            if not turn.leads and turn.on in self.place:
                (assigned if turn.is_own else elsewhere)[self.place[turn.on], turn.code] += 1
        shifts = collections.Counter((self.place[slot.on], slot.code) for slot in self.period.own_slots)
        return assigned, elsewhere, shifts

    def held(self):
        """{group: Counter of (day, code)}: by how much the need that is put to the solver differs from the real one,
        for turns that it does not plan: of people who are not in a problem, and of days on the other side."""
        held: dict[str, collections.Counter] = {group: collections.Counter() for group in GROUPS}
        for person in self.period.turns:
            group = None if person in self.frozen else self.groups.get(person)
            fixed = self.fixed(person, self.off(person)) if group else {}
            for turn in self.own(person):
                day = self.place[turn.on]
                if day >= self.begun and (group is None or day in fixed):
                    held[LEADERS if turn.leads else AGENTS][day, turn.code] -= 1
                    if group:
                        held[group][day, turn.code] += 1
        return held

    # ---- the problem

    def problem(self, group):
        """The group's Problem, None when there is nobody to plan."""
        people = self.people(group)
        if not people:
            return None
        members = [self.member(person) for person in people]
        held = self.held()[group]
        return Problem(
            days=len(self.days),
            first_weekday=self.days[0].weekday(),
            kinds=self.kinds(members),
            members=tuple(members),
            cover=tuple(
                Cover(day, code, max(0, need + held[day, code]), UNDER, self.over(group, (day, code)))
                for (day, code), need in sorted(self.needs[group].items())
            ),
            wishes=tuple(self.wish(row) for row in self.wishes if row.person_id in set(people) and self.counts(row)),
            fairness=self.fairness(),
            start={member.id: self.start(int(member.id), member.off) for member in members},
            keep_weight=KEEP * FACTORS[self.run.keep],
        )

    def over(self, group, cell):
        """People beyond the need whom the draft has already cost nothing: nobody is to lose a turn for them."""
        need, had = self.needs[group][cell], self.had[group][cell]
        if group == LEADERS:
            return OVER_LEADERS
        return UNWANTED if not need else OVER if had <= need else 0

    def kinds(self, members):
        named = {code for member in members for code in (*member.before, *member.fixed.values()) if code}
        started = {code for member in members for code in self.line(int(member.id)) if code}
        used = sorted(self.codes | named | started)
        return tuple(Kind(code, self.minutes[code], self.not_before(code, used)) for code in used)

    @functools.cached_property
    def minutes(self):
        return {code: int((ends - starts).total_seconds()) // 60 for code, (starts, ends) in self.spans.items()}

    @functools.cached_property
    def spans(self):
        return {code: row.span(self.days[-1]) for code, row in self.types.items()}

    def not_before(self, code, codes):
        """What may not follow on the next day: it would begin before this one's end, or before the rest after it."""
        rest = dt.timedelta(minutes=max(self.hard("rest"), default=0))
        ends_at = self.spans[code][1]
        return frozenset(after for after in codes if self.spans[after][0] + DAY < ends_at + rest)

    def hard(self, code):
        """The check's numbers in force on the open days, where it refuses."""
        rules = (self.period.limits.on(code, on) for on in self.days[self.begun :])
        return {rule.value for rule in rules if rule.effect == REFUSE}

    def member(self, person):
        off = self.off(person)
        least, most = self.fair_minutes(person, off)
        rest = max(self.hard("week_rest"), default=0)
        runs = self.hard("run") | ({WEEK - 1} if rest else set())
        weeks = {hours * 60 for hours in self.hard("week_hours")} | self.week_minutes(rest)
        most = min([*self.period_minutes(person), *([most] if most else [])], default=None)
        return Member(
            id=str(person),
            kinds=frozenset(self.codes) | {code for code in self.fixed(person, off).values() if code},
            max_minutes=most,
            min_minutes=least if most is None else min(least, most),
            week_minutes=min(weeks, default=None),
            max_run=min(runs, default=None),
            off=off,
            fixed=self.fixed(person, off),
            before=self.before(person),
            first_week_minutes=self.first_week_minutes(person),
            **self.shares(person, off),
        )

    def week_minutes(self, rest):
        """One day of rest a week follows from the longest run; more are kept by the hours that the other days hold."""
        if rest < 2 or not self.codes:
            return set()
        return {(WEEK - rest + 1) * min(self.minutes[code] for code in self.codes) - 1}

    def before(self, person):
        """The codes of the days just before, as far back as anybody's turns are known."""
        turns = {turn.on: turn.code for turn in self.other(person) if turn.on < self.days[0]}
        back = (self.days[0] - self.first_known).days if self.first_known else 0
        return tuple(turns.get(self.days[0] - DAY * step) for step in range(back, 0, -1))

    @functools.cached_property
    def first_known(self):
        turns = itertools.chain.from_iterable(self.period.turns.values())
        return min((turn.on for turn in turns if turn.on < self.days[0]), default=None)

    def first_week_minutes(self, person):
        monday = self.days[0] - DAY * self.days[0].weekday()
        return sum(turn.minutes for turn in self.other(person) if monday <= turn.on < self.days[0])

    def period_minutes(self, person):
        """What is left of each hard limit of a month, a quarter or a year."""
        worked = collections.Counter(self.period.minutes_outside.get(person, {}))
        for turn in self.other(person):
            worked[turn.on.replace(day=1)] += turn.minutes
        for code, months in PERIODS.items():
            if limits := self.hard(code):
                blocks = {block(on, months) for on in self.days}
                done = sum(minutes for month, minutes in worked.items() if block(month, months) in blocks)
                yield max(0, min(limits) * 60 * len(blocks) - done)

    def fair_minutes(self, person, off):
        """(least, most) minutes: their share of what everybody of the group works, most None without a limit."""
        if not self.run.fairness or person in self.unbound or not self.codes:
            return 0, None
        shift, days = max(self.minutes[code] for code in self.codes), len(self.days) - len(off)
        share = self.asked[self.groups[person]][0] * self.part(person, off)
        least = min(share, MOST_OF_DAYS * days * shift) - SLACK_SHIFTS * shift
        return (max(0, int(least)) if days > FEW_DAYS else 0), int(share + SLACK_SHIFTS * shift)

    @functools.cached_property
    def had(self):
        """{group: Counter of (day, code)}: how many the draft has."""
        assigned, _elsewhere, shifts = self._counts()
        return {AGENTS: assigned, LEADERS: shifts}

    @functools.cached_property
    def turns(self):
        """{group: Counter of (day, code)}: how many there will be: what is needed, or more where the draft has more."""
        turns = {group: self.needs[group] | self.had[group] for group in GROUPS}
        for group, needs in self.needs.items():
            for cell in needs:
                turns[group][cell] *= bool(needs[cell])
        return turns

    @functools.cached_property
    def presences(self):
        """{group: days on which its people are there, all together}"""
        return {
            group: max(1, sum(len(self.days) - len(self.off(person)) for person in self.people(group)))
            for group in GROUPS
        }

    @functools.cached_property
    def asked(self):
        """{group: (minutes, nights, worked weekends)} of all its turns; a weekend asks for its busier day."""
        return {group: self._asked(turns) for group, turns in self.turns.items()}

    def _asked(self, turns):
        heads: collections.Counter = collections.Counter()
        minutes = nights = 0
        for (day, code), count in turns.items():
            heads[self.days[day]] += count
            minutes += count * self.minutes[code]
            nights += count * (code in self.nights)
        return minutes, nights, sum(max(heads[on], heads[on + DAY]) for on in self.saturdays)

    def shares(self, person, off):
        """The person's part of the nights and of the weekends: by the days on which they are there."""
        _minutes, nights, weekends = self.asked[self.groups[person]]
        part = self.part(person, off)
        return {"target_nights": nights * part, "target_weekends": weekends * part}

    def part(self, person, off):
        return (len(self.days) - len(off)) / self.presences[self.groups[person]]

    @functools.cached_property
    def saturdays(self):
        """Of every weekend that has a day in the period."""
        return sorted({on - DAY * (on.weekday() - SATURDAY) for on in self.days if on.weekday() >= SATURDAY})

    def counts(self, wish):
        return wish.type is None or wish.type.code in self.codes

    def wish(self, row):
        weight = WISH * row.weight * FACTORS[self.run.wishes]
        code = row.type.code if row.type else None
        return SolverWish(str(row.person_id), self.place[row.on], code, row.kind == Wish.Kind.ON, weight)

    def fairness(self):
        weight = FAIR * FACTORS[self.run.fairness]
        return Fairness(self.nights, weight, weight) if weight else None

    @functools.cached_property
    def nights(self):
        return frozenset(code for code in self.codes if self.types[code].colour == Colour.NIGHT)


def block(on, months):
    """The first day of the month, quarter or year of the date."""
    return on.replace(month=on.month - (on.month - 1) % months, day=1)


def people_of(roster):
    """Ids of the draft's teams, by employee number."""
    places = RotationPlace.objects.filter(rotation=roster.rotation_id).values("team")
    shifts = Shift.objects.filter(roster=roster).order_by().values("team")
    people = Person.objects.active().filter(Q(team__in=places) | Q(team__in=shifts))
    return list(people.order_by("employee_number").values_list("pk", flat=True))
