"""Gates: the rules that refuse the wrong step, and the clauses they follow."""

import functools

from callcentre.refusals import Refused
from rulebook import evidence


def gate(*clause_ids, what="", lacking=""):
    """Decorate a rule: what it refuses cites the first of the clauses, unless the rule cites one itself.

    what: a short lazy sentence for the clause's page; without it the page names the rule.
    lacking: what the clauses still ask for beyond this gate.
    """

    def decorate(rule):
        name = f"{rule.__module__}.{rule.__qualname__}"
        evidence.add(
            "gate", clause_ids, what or name, name, rule.__code__.co_filename, rule.__code__.co_firstlineno, lacking
        )

        @functools.wraps(rule)
        def gated(*args, **kwargs):
            try:
                return rule(*args, **kwargs)
            except Refused as refused:
                refused.clause = refused.clause or clause_ids[0]
                raise

        gated.clauses = clause_ids
        return gated

    return decorate
