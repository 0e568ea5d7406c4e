"""What roles let people do, where one word says it: each app declares its own, and `person.has_perm` reads them.

Nobody is granted one by hand: a permission comes and goes with the dated role.
"""

HELD_BY = {}


def permission(name, *roles):
    """Declare that these roles hold it. Returns the name, "app.verb_model"."""
    if name in HELD_BY:
        raise ValueError(f"permission declared twice: {name}")
    HELD_BY[name] = frozenset(roles)
    return name
