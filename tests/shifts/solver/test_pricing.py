"""The dynamic programme against all lines there are, on small problems of any rules."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shifts.solver import Kind, Member, Problem, evaluate
from shifts.solver.pricer import Pricer
from shifts.solver.tables import Tables
from tests.shifts.solver import problems


def legal_lines(asked, tables):
    """[line, day] of the only member"""
    member = asked.members[0].id
    lines = [line for line in problems.all_lines(asked) if not evaluate(asked, {member: line}).violations]
    return np.array([tables.index(line) for line in lines], int).reshape(-1, asked.days)


def priced(tables, prices, grid):
    """Prices of lines, with what they cost by themselves beyond their cells."""
    own = tables.line_costs(np.zeros(len(grid), int), grid) - tables.cost[0, np.arange(tables.days), grid].sum(axis=1)
    return own + prices[0, np.arange(tables.days), grid].sum(axis=1)


@settings(max_examples=60, deadline=None)
@given(problems.problems(people=1, days=5), st.integers(0, 10**6))
def test_the_cheapest_line_and_the_cheapest_through_each_cell(asked, seed):
    tables = Tables(asked)
    prices = np.random.default_rng(seed).integers(-20, 20, (1, tables.days, tables.width)).astype(float)
    pricer, legal = Pricer(tables), legal_lines(asked, tables)
    found = pricer.price(prices, count=3)
    if not len(legal):
        assert found.least[0] == np.inf
        assert not len(found.grid)
        return
    values = priced(tables, prices, legal)
    assert found.least[0] == found.prices.min() == values.min()
    assert {tuple(line) for line in found.grid} <= {tuple(line) for line in legal}
    assert found.prices.tolist() == priced(tables, prices, found.grid).tolist()
    through = pricer.through(prices)[0]
    for day in range(tables.days):
        for kind in range(tables.width):
            assert through[day, kind] <= values[legal[:, day] == kind].min(initial=np.inf)
    assert (through.min(axis=1) == values.min()).all()


@settings(max_examples=40, deadline=None)
@given(problems.problems(people=1, days=5), st.integers(0, 10**6))
def test_with_all_counts_in_use_the_lowest_through_a_cell_is_exact(asked, seed):
    tables = Tables(asked)
    prices = np.random.default_rng(seed).integers(-20, 20, (1, tables.days, tables.width)).astype(float)
    pricer, legal = Pricer(tables), legal_lines(asked, tables)
    pricer.used[0] = frozenset(pricer.axes[0])
    values = priced(tables, prices, legal)
    through = pricer.through(prices)[0]
    for day in range(tables.days):
        for kind in range(tables.width):
            assert through[day, kind] == values[legal[:, day] == kind].min(initial=np.inf)


def test_people_of_one_form_are_priced_together_as_they_are_alone():
    asked = problems.floor(people=12, days=21, requests=40)
    tables = Tables(asked)
    prices = tables.cost + np.random.default_rng(1).normal(0, 20, tables.cost.shape)
    together = Pricer(tables).price(prices)
    alone = Pricer(tables)
    assert [alone.price(prices, [person]).least[person] for person in range(12)] == together.least.tolist()


def test_who_may_work_no_more_has_no_line_out_of_a_run_that_is_too_short():
    begun = Member("a", min_run=2, max_of={"D": 0}, before=(None, "D"))
    asked = Problem(3, 0, (Kind("D", 480),), (begun,))
    tables = Tables(asked)
    assert not len(legal_lines(asked, tables))
    assert Pricer(tables).price(tables.cost).least[0] == np.inf
