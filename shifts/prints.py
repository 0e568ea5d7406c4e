"""A roster's pages for paper: one for each team. Letters and lines say what colours say on a screen."""

import dataclasses

from django.template.loader import get_template
from django.utils.safestring import mark_safe

from shifts.models import Colour


@dataclasses.dataclass(frozen=True)
class Row:
    worker: object
    cells: str
    shifts: int
    hours: float
    nights: int


@dataclasses.dataclass(frozen=True)
class Page:
    """`heads`: [(type, [how many of the team, each day])]."""

    team: str
    rows: list
    heads: list


def pages(matrix):
    """A Page for each team that has somebody in the matrix."""
    draw = CellPainter(matrix)
    return [
        Page(team, [row_of(part, worker, draw) for worker in part.workers], part.heads())
        for team, part in matrix.teams()
    ]


def row_of(matrix, worker, draw):
    turns = matrix.of(worker)
    nights = sum(turn.type.colour == Colour.NIGHT for turn in turns)
    return Row(worker, draw.cells(worker), len(turns), sum(turn.hours for turn in turns), nights)


class CellPainter:
    """Draws each distinct cell once."""

    def __init__(self, matrix):
        self.matrix = matrix
        self.template = get_template("shifts/_print_cell.html")
        self.drawn = {}

    def cells(self, worker):
        return mark_safe("".join(self.cell(worker.pk, day) for day in self.matrix.days))  # noqa: S308 - drawn by a template

    def cell(self, person_id, day):
        turns = self.matrix.turns.get((person_id, day.on), ())
        key = day.is_rest, tuple((turn.type.pk, turn.leads) for turn in turns)
        if key not in self.drawn:
            self.drawn[key] = self.template.render({"rest": day.is_rest, "turns": turns}).strip()
        return self.drawn[key]
