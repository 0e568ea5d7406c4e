"""What a message says. An app declares each kind once; the sentence is made when it is read, in the reader's language.

Facts are ids, codes and labels that anybody may read: never customer data, never a note's text. Some names say how
they read:

    due_on="2026-11-23"              %(due_on)s     11月23日 周一
    due_at="2026-11-23T16:00:00Z"    %(due_at)s     11月23日 24:00 in the reader's zone
    sent_at="2026-11-23T00:00:00Z"   %(sent_at)s    11月23日 08:00; only of a deadline is midnight the day before's end
    rule_zh="浇水", rule_en="Water"  %(rule)s       the reader's language
"""

import datetime as dt

from django.utils.translation import gettext as _

from callcentre import words

KINDS = {}


def kind(code, sentence):
    """Declare a kind: its lazy sentence with %(fact)s placeholders. A code is declared once."""
    if code in KINDS:
        raise ValueError(f"kind of message declared twice: {code}")
    KINDS[code] = sentence
    return code


def sentence(code, facts):
    """The sentence. Raises KeyError for an unknown kind or a missing fact."""
    return str(KINDS[code]) % readable(facts)


def text(code, facts):
    """The sentence, or that there is none any more: rows outlive the versions that wrote them."""
    try:
        return sentence(code, facts)
    except (KeyError, TypeError, ValueError):
        return _("A message from an earlier version. Open it to see what it is about.")


def readable(facts):
    said = {name: _read(name, value) for name, value in facts.items()}
    for name in facts:
        if name.endswith("_zh"):
            stem = name.removesuffix("_zh")
            said[stem] = words.pick(facts[name], facts.get(f"{stem}_en", ""))
    return said


def _read(name, value):
    if name.endswith("_on") and value:
        return words.short_date(dt.date.fromisoformat(value))
    if name.endswith("_at") and value:
        say = words.until if name == "due_at" else words.stamp
        return say(words.local(dt.datetime.fromisoformat(value)))
    return value
