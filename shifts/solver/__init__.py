"""The roster solver: who works which shift on which day. It knows no models and no clock; see docs/solver.md.

Here stand the problem and its judge, for whoever asks and explains. What solves it is `search.solve`, in a process of
its own: no other process loads OR-Tools, HiGHS and pandas.
"""

from shifts.solver.board import Progress
from shifts.solver.judge import Evaluation, Explanation, Violation, evaluate, explain
from shifts.solver.problem import (
    BadProblem,
    Cover,
    Fairness,
    Kind,
    Member,
    Problem,
    Wish,
    from_json,
    to_json,
)

__all__ = [
    "BadProblem",
    "Cover",
    "Evaluation",
    "Explanation",
    "Fairness",
    "Kind",
    "Member",
    "Problem",
    "Progress",
    "Violation",
    "Wish",
    "evaluate",
    "explain",
    "from_json",
    "to_json",
]
