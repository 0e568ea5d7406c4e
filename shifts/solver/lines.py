"""The cheapest lines of several people at once, by dynamic programming over days.

A state is what the rules still have to know: the class of the shift worked last and the length of the run, or the
length of the rest, and the counts of the axes in use. Shift types that no rule tells apart are one class, of which the
cheapest of the day is worked. Prices and values are costs; what cannot be is infinite. People whose states have the
same form are calculated together as one array.
"""

from functools import cached_property, reduce

import numpy as np

INFINITE = np.inf
NONE = -1


class Block:
    """People with the same axes in use. `axes` [person of the block] are their Axis values, in the same order."""

    def __init__(self, tables, people, axes):
        self.tables, self.people, self.axes = tables, np.array(people), axes
        self.members = [tables.problem.members[person] for person in people]
        self.count, self.days = len(people), tables.days
        self.known_slices, self.known_steps = {}, {}
        self.windows = [self._window(day) for day in range(-1, self.days)]
        self.weekly = next((place for place, axis in enumerate(axes[0]) if axis.weekly), NONE)
        self._find_classes()
        self._find_runs()

    def _find_classes(self):
        tables = self.tables
        used = self._used_kinds()
        classes: dict[tuple, list[int]] = {}
        for kind in used[used > 0]:
            steps = tuple(int(axis.step[kind]) for axis in self.axes[0])
            key = (steps, tuple(tables.may_follow[kind]), tuple(tables.may_follow[:, kind]))
            classes.setdefault(key, []).append(int(kind))
        self.classes = [np.array(kinds) for kinds in classes.values()]
        self.steps = [steps for steps, *_ in classes]
        first = [kinds[0] for kinds in self.classes]
        self.follows = [[c for c, one in enumerate(first) if tables.may_follow[one, two]] for two in first]
        self.in_order = sorted(range(len(first)), key=lambda cls: len(self.follows[cls]))

    def _find_runs(self):
        """How many lengths of runs and rests have to be told apart; and from what everybody begins."""
        self.endless = longest(self.tables, self.members[0]) is None
        limits = [longest(self.tables, each) or each.min_run for each in self.members]
        self.runs, self.rests = max(1, *limits), max(1, *(each.min_off_run for each in self.members))
        self.run_limit = np.array([self.runs if self.endless else limit for limit in limits])
        self.states = len(self.classes) * self.runs + self.rests
        self.worked_before = np.array([_last_run(each.before, works=True) for each in self.members])
        self.rested_before = np.array([_last_run(each.before, works=False) for each in self.members])
        known = np.array([len(each.before) for each in self.members])
        uniform = np.maximum(self.worked_before, self.rested_before) == known
        self.since = np.where(uniform, known, -10 * self.days)  # a run this long reaches back to the unknown

    def _window(self, day):
        """Of each count: the lowest value after this day from which the limits can be kept, and how many from there."""
        found = [self._range(day, [axes[place] for axes in self.axes]) for place in range(len(self.axes[0]))]
        return tuple(low for low, _ in found), tuple(max(1, high - low + 1) for low, high in found)

    def _range(self, day, axes):
        most = max(axis.most for axis in axes)
        if axes[0].weekly:
            return 0, most
        step = 1 if axes[0].by_weekend else int(axes[0].step[self._used_kinds()].max(initial=0))
        reached = min(most, max(axis.begin for axis in axes) + (day + 1) * step)
        to_come = min(axis.least for axis in axes) - self._most_days(self.days - 1 - day) * step
        return min(max(0, to_come), reached), reached

    def _most_days(self, days):
        """Nobody of the block works more of the last `days`."""
        return max(_pattern(days, longest(self.tables, each), each.min_off_run) for each in self.members)

    def sizes(self, day):
        """How many values of each count are told apart after this day; the first of them is `lows`."""
        return self.windows[day + 1][1]

    def lows(self, day):
        return self.windows[day + 1][0]

    def _used_kinds(self):
        return np.flatnonzero(self.tables.allowed[self.people].any(axis=(0, 1)))

    @cached_property
    def may_end(self):
        """[day, person, state]: 0 where the run or rest is long enough to end; day 0 is the day before the first"""
        least_run = np.array([each.min_run for each in self.members])
        least_rest = np.array([each.min_off_run for each in self.members])
        lengths = np.concatenate(
            [np.tile(np.arange(1, self.runs + 1), len(self.classes)), np.arange(1, self.rests + 1)]
        )
        is_run = np.arange(self.states) < len(self.classes) * self.runs
        least = np.where(is_run, least_run[:, None], least_rest[:, None])
        back = self.since[None, :, None] + np.arange(self.days + 1)[:, None, None]
        return np.where((lengths >= least) | (lengths == back), 0.0, INFINITE)

    @cached_property
    def begun_may_end(self):
        """[person, run] 0 where a run from before is long enough to end on day 0, whatever may be worked from there"""
        lengths, least = np.arange(1, self.runs + 1), np.array([each.min_run for each in self.members])
        return np.where((lengths >= least[:, None]) | (lengths == self.since[:, None]), 0.0, INFINITE)

    @cached_property
    def runs_on(self):
        """[person, run] 0 where a run may reach this length"""
        return np.where(np.arange(1, self.runs + 1) <= self.run_limit[:, None], 0.0, INFINITE)

    def spread(self, values):
        """`values` with an axis of length 1 for each count."""
        return values.reshape(values.shape + (1,) * len(self.axes[0]))

    def steps_on(self, day, cls, *, rested):
        """By how much a shift of the class moves each count; a weekend counts on its first working day."""
        known = self.known_steps.get((day, cls, rested))
        if known is None:
            known = self.known_steps[day, cls, rested] = self._steps_on(day, cls, rested)
        return known

    def _steps_on(self, day, cls, rested):
        steps = list(self.steps[cls])
        for place, axis in enumerate(self.axes[0]):
            if axis.by_weekend:
                weekday = self.tables.problem.weekday(day)
                steps[place] = int(weekday == 5 or (weekday == 6 and (rested or day == 0)))
        return tuple(steps)

    def _class_prices(self):
        """Class prices [day, person, class], the kinds they stand for, and prices of rest [day, person]."""
        prices = self.kind_prices.transpose(1, 0, 2)
        best = [kinds[prices[:, :, kinds].argmin(axis=2)] for kinds in self.classes]
        kinds = np.stack(best, axis=2) if best else np.zeros((self.days, self.count, 0), int)
        return np.take_along_axis(prices, kinds, axis=2), kinds, prices[:, :, 0]

    def values(self, prices):
        """Calculates all states; then `finals`, `best` and `lines` tell."""
        self.kind_prices = np.where(self.tables.allowed[self.people], prices, INFINITE)
        self.class_price, self.kinds, self.rest_price = self._class_prices()
        self.slabs, self.mondays = [], {}
        for day in range(self.days):
            self.slabs.append(self._first_day() if day == 0 else self._next_day(day))
        return self

    def parts(self, slab):
        """Views of a day's states: work [person, class, run, counts], rest [person, rest, counts]"""
        cut = len(self.classes) * self.runs
        return slab[:, :cut].reshape(self.count, len(self.classes), self.runs, *slab.shape[2:]), slab[:, cut:]

    def _begin(self):
        """Values before day 0: of runs, whatever the class, of rests, and of those who may begin either."""
        sizes = self.sizes(-1)
        work = np.full((self.count, self.runs, *sizes), INFINITE)
        rest = np.full((self.count, self.rests, *sizes), INFINITE)
        fresh = np.full((self.count, *sizes), INFINITE)
        for person, axes in enumerate(self.axes):
            counts = tuple(axis.begin - low for axis, low in zip(axes, self.lows(-1), strict=True))
            if any(axis.begin > axis.most for axis in axes) or min(counts, default=0) < 0:
                continue
            if self.worked_before[person]:
                work[(person, min(self.worked_before[person], self.runs) - 1, *counts)] = 0
            elif self.rested_before[person]:
                rest[(person, min(self.rested_before[person], self.rests) - 1, *counts)] = 0
            else:
                fresh[(person, *counts)] = 0
        return work, rest, fresh

    def _first_day(self):
        work, rest, fresh = self._begin()
        worked = np.minimum((work + self.spread(self.begun_may_end)).min(axis=1), fresh)
        rested = np.minimum((rest + self.spread(self.may_end[0][:, self.states - self.rests :])).min(axis=1), fresh)
        return self._filled(0, worked, rest, rested, lambda _cls: work)

    def _next_day(self, day):
        before = self.slabs[-1]
        if self.weekly != NONE and self.tables.problem.weekday(day) == 0:
            self.mondays[day] = Monday(before + self.week_limits, self.weekly + 2)
            before = self.mondays[day].values
        work, rest = self.parts(before)
        ends = self.may_end[day]
        rested = (rest + self.spread(ends[:, self.states - self.rests :])).min(axis=1)
        worked = np.full(rested.shape, INFINITE)
        if self.classes:
            worked = (work.min(axis=1) + self.spread(ends[:, : self.runs])).min(axis=1)
        return self._filled(day, worked, rest, rested, self._followed(work))

    def _followed(self, work):
        """The function that gives, for a class, the best state of each run that it may follow."""
        known: dict[frozenset, np.ndarray] = {}

        def best(cls):
            before = frozenset(self.follows[cls])
            if before and before not in known:
                part = max((each for each in known if each < before), key=len, default=None)
                views = [work[:, each] for each in before - (part or frozenset())]
                known[before] = reduce(np.minimum, [known[part], *views] if part else views)
            return known.get(before)

        return best

    def _filled(self, day, worked, rest, rested, followed):
        slab = np.full((self.count, self.states, *self.sizes(day)), INFINITE)
        new_work, new_rest = self.parts(slab)
        price, none = self.spread(self.rest_price[day]), (0,) * len(self.axes[0])
        self._move(day, new_rest[:, 0], worked, price, none)
        if self.rests > 1:
            self._move(day, new_rest[:, 1:], rest[:, :-1], price[:, None], none, skip=2)
        self._lower(day, new_rest[:, -1], rest[:, -1], price, none)
        for cls in self.in_order:
            price = self.class_price[day, :, cls]
            self._move(day, new_work[:, cls, 0], rested, self.spread(price), self.steps_on(day, cls, rested=True))
            before = followed(cls)
            if before is not None:
                self._continue(day, new_work[:, cls], before, price, self.steps_on(day, cls, rested=False))
        return slab

    def _continue(self, day, work, before, price, steps):
        prices = self.spread(price[:, None] + self.runs_on[:, 1:])
        if self.runs > 1:
            self._move(day, work[:, 1:], before[:, :-1], prices, steps, skip=2)
        if self.endless:
            self._lower(day, work[:, -1], before[:, -1], self.spread(price), steps)

    def _lower(self, day, target, source, price, steps):
        moved = np.full(target.shape, INFINITE)
        self._move(day, moved, source, price, steps)
        np.minimum(target, moved, out=target)

    def _move(self, day, target, source, price, steps, skip=1):
        """target = source + price, with the counts of the day before raised by `steps`."""
        to, come = self.slices(day, steps, skip)
        np.add(source[come], price, out=target[to])

    def slices(self, day, steps, skip):
        """Where the counts are in this day's array, and where they were in that of the day before."""
        known = self.known_slices.get((day, steps, skip))
        if known is None:
            known = self.known_slices[day, steps, skip] = self._slices(day, steps, skip)
        return known

    def _slices(self, day, steps, skip):
        to, come = [slice(None)] * skip, [slice(None)] * skip
        here, there = (zip(self.sizes(each), self.lows(each), strict=True) for each in (day, day - 1))
        for step, (size, low), (old_size, old_low) in zip(steps, here, there, strict=True):
            shift = step + old_low - low
            first, end = max(0, shift), max(0, shift, min(size, old_size + shift))
            to.append(slice(first, end))
            come.append(slice(first - shift, end - shift))
        return tuple(to), tuple(come)

    @cached_property
    def end_costs(self):
        """[person, 1, counts]: what the counts cost at the end, infinite beyond the limits"""
        sizes, lows = self.sizes(self.days - 1), self.lows(self.days - 1)
        total = np.zeros((self.count, 1, *sizes))
        for person, axes in enumerate(self.axes):
            for place, axis in enumerate(axes):
                shape = [1] * (1 + len(axes))
                shape[1 + place] = sizes[place]
                total[person] += _end_cost(axis, np.arange(sizes[place]) + lows[place]).reshape(shape)
        return total

    @cached_property
    def week_limits(self):
        """[person, 1, counts]: infinite beyond the week's limit"""
        limit, size = np.array([axes[self.weekly].most for axes in self.axes]), self.sizes(0)[self.weekly]
        shape = [self.count, 1] + [1] * len(self.axes[0])
        shape[2 + self.weekly] = size
        return np.where(np.arange(size) > limit[:, None], INFINITE, 0.0).reshape(shape)

    def finals(self):
        """[person, state, counts] of whole lines"""
        return (self.slabs[-1] + self.end_costs).reshape(self.count, -1)


class Monday:
    """The week's count begins anew: the best of each state, and from which count it came."""

    def __init__(self, slab, axis):
        self.axis = axis
        self.came_from = slab.argmin(axis=axis)
        self.values = np.full(slab.shape, INFINITE)
        first = (slice(None),) * axis + (0,)
        self.values[first] = slab.min(axis=axis)


def longest(tables, member):
    """The longest run that has to be told from longer ones, None when the period is too short to break the limit."""
    if member.max_run is None or member.max_run >= tables.days + _last_run(member.before, works=True):
        return None
    return member.max_run


def _last_run(before, *, works):
    """Length of the run of working days, or of rest, that ends with `before`."""
    length = 0
    for code in reversed(before):
        if (code is not None) != works:
            break
        length += 1
    return length


def _end_cost(axis, counts):
    cost = np.zeros(len(counts))
    if axis.ends is not None:
        cost += axis.ends[np.minimum(counts, len(axis.ends) - 1)]
    below = (counts < axis.least) & (not axis.weekly)
    return np.where(below | (counts > axis.most), INFINITE, cost)


def _pattern(days, max_run, min_off_run):
    """The most working days among so many: the longest runs, the shortest rests."""
    if max_run is None:
        return days
    whole, rest = divmod(days, max_run + min_off_run)
    return whole * max_run + min(rest, max_run)
