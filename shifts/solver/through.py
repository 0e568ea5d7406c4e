"""For each cell the cheapest line that goes through it: values from the front met by values from the end.

A cell whose cheapest line costs so much more than the person's cheapest that the bound rises to the best roster's cost
is in no better roster (reduced-cost fixing), whatever the rest is.
"""

import numpy as np

from shifts.solver.lines import INFINITE


def through(block):
    """[person, day, kind] after `block.values`: the lowest value of a whole line with this cell"""
    found = np.full((block.count, block.days, block.tables.width), INFINITE)
    behind = np.broadcast_to(block.end_costs, block.slabs[-1].shape)
    for day in range(block.days - 1, -1, -1):
        _meet(block, day, block.slabs[day] + behind, found)
        if day:
            behind = _behind(block, day, behind)
    return found


def _meet(block, day, whole, found):
    cut = len(block.classes) * block.runs
    flat = whole.reshape(block.count, block.states, -1).min(axis=2)
    found[:, day, 0] = flat[:, cut:].min(axis=1)
    for cls, kinds in enumerate(block.classes):
        best = flat[:, cls * block.runs : (cls + 1) * block.runs].min(axis=1)
        cheapest = block.class_price[day, :, cls]
        rest_of_line = best - np.where(np.isfinite(cheapest), cheapest, 0)
        found[:, day, kinds] = rest_of_line[:, None] + block.kind_prices[:, day, kinds]


def _behind(block, day, after):
    """The lowest value of what follows each state of the day before."""
    work, rest = block.parts(after)
    before = np.full((block.count, block.states, *block.sizes(day - 1)), INFINITE)
    new_work, new_rest = block.parts(before)
    price, none = block.rest_price[day], (0,) * len(block.axes[0])
    ends = block.may_end[day]
    cut = block.states - block.rests
    entered = np.full(new_rest[:, 0].shape, INFINITE)
    for cls in range(len(block.classes)):
        steps = block.steps_on(day, cls, rested=True)
        np.minimum(entered, _back(block, day, work[:, cls, 0], block.class_price[day, :, cls], steps), out=entered)
    longer = _back(block, day, rest, price[:, None], none, skip=2)
    new_rest[:, :-1] = longer[:, 1:]
    new_rest[:, -1] = longer[:, -1]
    np.minimum(new_rest, entered[:, None] + block.spread(ends[:, cut:]), out=new_rest)
    if block.classes:
        _continued(block, day, work, new_work)
        stop = _back(block, day, rest[:, 0], price, none)
        np.minimum(new_work, (stop[:, None] + block.spread(ends[:, : block.runs]))[:, None], out=new_work)
    return _back_to_sunday(block, day, before)


def _continued(block, day, work, new_work):
    """The same run goes on with a shift of each class that may follow."""
    for cls in range(len(block.classes)):
        cost, steps = block.class_price[day, :, cls], block.steps_on(day, cls, rested=False)
        gone = _back(block, day, work[:, cls], cost[:, None] + block.runs_on, steps, skip=2)
        on = np.full(new_work[:, 0].shape, INFINITE)
        on[:, :-1] = gone[:, 1:]
        if block.endless:
            on[:, -1] = gone[:, -1]
        for earlier in block.follows[cls]:
            np.minimum(new_work[:, earlier], on, out=new_work[:, earlier])


def _back(block, day, values, price, steps, skip=1):
    """The values of this day, priced, where the counts were the day before."""
    found = np.full((*values.shape[:skip], *block.sizes(day - 1)), INFINITE)
    here, there = block.slices(day, steps, skip)
    np.add(values[here], block.spread(price), out=found[there])
    return found


def _back_to_sunday(block, day, before):
    """Before a Monday the week's count is whatever it was, as long as it was within the limit."""
    if day not in block.mondays:
        return before
    axis = block.weekly + 2
    return np.take(before, [0], axis=axis) + block.week_limits
