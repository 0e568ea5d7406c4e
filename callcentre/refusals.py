"""One refusal everywhere: what an action raises also draws the disabled button, the htmx error and the admin message.

A rule raises `Refused(code, **facts)`; its app declares the sentence for the code once, with `texts`. The sentence says
what the reader can do, in the reader's language; the clause that asks for it travels along.
"""

from django.utils.translation import gettext_lazy as _

TEXTS = {}


def texts(sentences):
    """Declare an app's refusals: {code: lazy sentence, with %(fact)s placeholders}. A code is declared once."""
    if doubled := TEXTS.keys() & sentences.keys():
        raise ValueError(f"refusal codes declared twice: {sorted(doubled)}")
    TEXTS.update(sentences)
    return sentences


class Refused(Exception):
    """The wrong step. `code` for tests and programs, `clause` the rule it follows, `field` where a form shows it."""

    def __init__(self, code, *, clause=None, field=None, **facts):
        super().__init__(code)
        self.code = code
        self.clause = clause
        self.field = field
        self.facts = facts

    def __str__(self):
        return str(TEXTS[self.code]) % self.facts


def refusal(rule, *args, **kwargs):
    """None when the rule lets the step pass, else its Refused: what a page needs to draw a button."""
    try:
        rule(*args, **kwargs)
    except Refused as refused:
        return refused
    return None


texts(
    {
        "changed_meanwhile": _("Somebody else has just changed this. Look at its present state, then decide again."),
        "wrong_state": _("This step is not open now: its state is “%(state)s”."),
    }
)
