"""The roster solver: who works which shift on which day. It knows no models and no clock; see docs/solver.md."""

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
from shifts.solver.search import Result, solve

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
    "Result",
    "Violation",
    "Wish",
    "evaluate",
    "explain",
    "from_json",
    "solve",
    "to_json",
]
