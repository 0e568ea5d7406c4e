"""What a journal row's verb is called. Each app declares its verbs beside the actions that write them."""

VERBS = {}


def verbs(labels):
    """Declare {verb: lazy label}; a verb is declared once."""
    if doubled := VERBS.keys() & labels.keys():
        raise ValueError(f"verbs declared twice: {sorted(doubled)}")
    VERBS.update(labels)


def verb_label(verb):
    return VERBS.get(verb, verb)
