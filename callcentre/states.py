"""One mover for every state machine.

A model has a `status`, an enum, and beside it a table `MOVES = {old: {new, ...}}`. `move` is the only writer of a
status: it updates conditionally on the old one, so of two people who click at once one wins and the other is told.
"""

from django.apps import apps

from callcentre.refusals import Refused


def check_move(obj, to):
    """Raise Refused("wrong_state") unless the table lets `obj` move to `to`."""
    if to not in type(obj).MOVES.get(obj.status, ()):
        raise Refused("wrong_state", state=obj.get_status_display())


def move(obj, to, **changes):
    """Move `obj` to the status `to`, writing `changes` in the same statement.

    Raises Refused: "wrong_state" when the table has no such move, "changed_meanwhile" when another was quicker.
    """
    check_move(obj, to)
    won = type(obj)._base_manager.filter(pk=obj.pk, status=obj.status).update(status=to, **changes)
    if not won:
        raise Refused("changed_meanwhile")
    for name, value in {"status": to, **changes}.items():
        setattr(obj, name, value)


def move_all(rows, old, to, **changes):
    """Move every row of the queryset that is in the status `old`. Returns how many; those that left it are let be.

    Raises ValueError for a move that the table does not have: which rows may move is the caller's rule, not a person's.
    """
    if to not in rows.model.MOVES.get(old, ()):
        raise ValueError(f"{rows.model.__name__} does not move from {old} to {to}")
    return rows.filter(status=old).update(status=to, **changes)


def machines():
    """Every model with a table of moves, in the order of the apps: what docs/states.md is made from."""
    return [model for model in apps.get_models() if hasattr(model, "MOVES")]
