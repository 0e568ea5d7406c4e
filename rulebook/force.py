"""Whether a clause is in force: always, except one that waits to be switched on by a director."""

from rulebook.models import ClauseForce
from rulebook.register import CLAUSES


def in_force(centre, clause_id, on):
    """Whether the clause is in force at the centre on the local date. Raises KeyError for an unknown clause."""
    return not CLAUSES[clause_id].pending or ClauseForce.objects.in_force(centre, clause_id, on)
