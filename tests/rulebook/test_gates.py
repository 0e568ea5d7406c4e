import pytest

from callcentre.refusals import Refused
from rulebook import evidence
from rulebook.gates import gate
from tests import make_rulebook


@pytest.fixture(autouse=True)
def registries():
    with make_rulebook.registries():
        yield


def test_a_gate_cites_its_first_clause():
    @gate("handover.4", "duty.7")
    def may_leave(person):
        """Doc."""
        raise Refused("changed_meanwhile")

    with pytest.raises(Refused) as caught:
        may_leave(None)
    assert caught.value.clause == "handover.4"
    assert may_leave.clauses == ("handover.4", "duty.7")
    assert (may_leave.__name__, may_leave.__doc__) == ("may_leave", "Doc.")


def test_a_rule_that_cites_a_clause_itself_keeps_it():
    @gate("handover.4")
    def may_leave():
        raise Refused("changed_meanwhile", clause="duty.5")

    with pytest.raises(Refused) as caught:
        may_leave()
    assert caught.value.clause == "duty.5"


def test_an_open_gate_returns_what_the_rule_returns():
    assert gate("handover.4")(lambda number: number + 1)(1) == 2


def test_a_gate_is_evidence_for_each_of_its_clauses():
    @gate("handover.4", "duty.7", what="the desk is kept")
    def may_leave(): ...

    name = f"{__name__}.{may_leave.__qualname__}"
    found = evidence.EVIDENCE[-2:]
    assert [(one.clause, one.kind, one.what, one.source) for one in found] == [
        ("handover.4", "gate", "the desk is kept", name),
        ("duty.7", "gate", "the desk is kept", name),
    ]


def test_evidence_of_an_unknown_kind_is_an_error():
    with pytest.raises(ValueError):
        evidence.evidence("rumour", ["handover.4"], "somebody said so")


def test_evidence_names_its_module_and_line():
    evidence.evidence("record", "handover.2", "the entry")
    assert evidence.EVIDENCE[-1].source == __name__
    assert evidence.CITED[-1].clause == "handover.2"
    assert evidence.CITED[-1].file == __file__
