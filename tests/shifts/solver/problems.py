"""Problems for the solver's tests, and all rosters of small ones."""

import itertools
import random

from hypothesis import strategies as st

from shifts.solver import Cover, Fairness, Kind, Member, Problem, Wish

CYCLE = ("N", "N", "D", "D", "M", "M", None, None)
# nights from 0:00, days from 8:00, evenings from 16:00: eight hours between two shifts are too few
KINDS = (Kind("D", 480, frozenset("N")), Kind("M", 480, frozenset("DN")), Kind("N", 480))
LEAVE_DAYS = 5


def floor(people=60, days=31, requests=200, seed=7):
    """Four teams in the rotation N N D D M M off off, from a Tuesday; leave, requests and last week's shifts."""
    chance = random.Random(seed)  # noqa: S311 -- data for a test
    members, start = [], {}
    for number in range(people):
        line = tuple(CYCLE[(day + 2 * (number % 4)) % 8] for day in range(-8, days))
        start[f"p{number}"] = line[8:]
        members.append(_agent(f"p{number}", line[:8], _leave(chance, days)))
    cover = tuple(Cover(day, code, people // 4 - 2, 100, 10) for day in range(days) for code in "DMN")
    wishes = tuple(_wish(chance, people, days) for _ in range(requests))
    return Problem(days, 1, KINDS, tuple(members), cover, wishes, Fairness(frozenset("N"), 5, 5), start, 1)


def _agent(id_, before, leave):
    return Member(
        id_,
        max_minutes=26 * 480,
        min_minutes=10 * 480,
        week_minutes=48 * 60,
        max_run=6,
        min_run=2,
        max_weekends=4,
        max_of={"N": 10},
        off=leave,
        before=before,
    )


def _leave(chance, days):
    first = chance.randrange(days - LEAVE_DAYS)
    return frozenset(range(first, first + LEAVE_DAYS)) if chance.random() < 0.3 else frozenset()


def _wish(chance, people, days):
    code = chance.choice(["D", "M", "N", None, None])
    member, day = f"p{chance.randrange(people)}", chance.randrange(days)
    return Wish(member, day, code, code is not None and chance.random() < 0.5, chance.randint(1, 5))


def all_lines(problem):
    """Every line that could be written, legal or not."""
    return itertools.product((None, *problem.codes), repeat=problem.days)


codes = st.sampled_from(["A", "B", None])
limit = st.none() | st.integers(0, 4)


@st.composite
def members(draw, id_, days):
    """One with any of the rules, in a period of a few days."""
    max_run = draw(st.none() | st.integers(1, 3))
    return Member(
        id_,
        kinds=draw(st.none() | st.sampled_from([frozenset("A"), frozenset("AB")])),
        max_minutes=draw(st.none() | st.integers(0, 30)),
        min_minutes=draw(st.sampled_from([0, 0, 4, 10, 15])),
        week_minutes=draw(st.none() | st.integers(6, 20)),
        max_run=max_run,
        min_run=draw(st.integers(1, min(2, max_run or 3))),
        min_off_run=draw(st.integers(1, 3)),
        max_weekends=draw(st.none() | st.integers(0, 2)),
        max_of=draw(st.dictionaries(st.sampled_from("AB"), st.integers(0, 2), max_size=2)),
        off=frozenset(draw(st.sets(st.integers(0, days - 1), max_size=1))),
        fixed=draw(st.dictionaries(st.integers(0, days - 1), codes, max_size=1)),
        before=tuple(draw(st.lists(codes, max_size=3))),
        first_week_minutes=draw(st.sampled_from([0, 0, 4])),
    )


@st.composite
def problems(draw, people, days=5):
    who = [draw(members(f"p{number}", days)) for number in range(people)]
    kinds = (
        Kind("A", 4),
        Kind("B", draw(st.sampled_from([4, 6])), draw(st.sampled_from([frozenset(), frozenset("A")]))),
    )
    cover = [
        Cover(day, code, draw(st.integers(0, people)), draw(st.integers(0, 9)), draw(st.integers(0, 3)))
        for day in range(days)
        for code in "AB"
    ]
    wishes = [draw(wish(f"p{draw(st.integers(0, people - 1))}", days)) for _ in range(3)]
    fairness = draw(st.none() | st.builds(Fairness, st.just(frozenset("B")), st.integers(0, 3), st.integers(0, 3)))
    start = {"p0": tuple(draw(codes) for _ in range(days))}
    keep = draw(st.integers(0, 2))
    return Problem(days, draw(st.integers(0, 6)), kinds, tuple(who), tuple(cover), tuple(wishes), fairness, start, keep)


def wish(member, days):
    return st.builds(Wish, st.just(member), st.integers(0, days - 1), codes, st.booleans(), st.integers(0, 5))
