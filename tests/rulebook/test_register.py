from collections import Counter

import pytest

from rulebook.register import CLAUSES, KINDS, PARAMETERS, SECTIONS


def test_the_rulebook_is_whole():
    assert (len(SECTIONS), len(CLAUSES), len(PARAMETERS)) == (8, 60, 23)
    assert Counter(clause.section for clause in CLAUSES.values()) == {
        "escalation": 7,
        "security": 8,
        "meeting": 4,
        "duty": 7,
        "standard": 7,
        "floor": 10,
        "hygiene": 11,
        "handover": 6,
    }
    assert [clause.order for clause in CLAUSES.values()] == list(range(1, 61))


def test_every_clause_says_everything_in_both_languages():
    for clause in CLAUSES.values():
        assert all([clause.number_zh, clause.number_en, clause.zh, clause.en, clause.live_zh, clause.live_en])
        assert clause.kinds
        assert set(clause.kinds) <= set(KINDS)
        assert clause.zh.endswith(("。", "）。"))
        assert clause.live_zh.endswith("。")
        assert not set(clause.zh + clause.live_zh) & set(",;!?`")
        assert not set(clause.en + clause.live_en) & set("，；。！？`")


def test_numbers_are_unique():
    assert len({clause.number_zh for clause in CLAUSES.values()}) == 60
    assert len({clause.number_en for clause in CLAUSES.values()}) == 60
    assert CLAUSES["handover.4"].number_en == "Handover 4"
    assert CLAUSES["hygiene.changing.5"].number_en == "Hygiene · changing room 5"
    assert CLAUSES["floor.11"].number_en == "Floor, last clause"


def test_only_the_visitors_half_is_pending():
    assert [clause.id for clause in CLAUSES.values() if clause.pending] == ["security.3"]


def test_defaults_are_of_their_type_and_in_range():
    for spec in PARAMETERS.values():
        typed = spec.typed(spec.default)
        assert spec.stored(typed) == spec.default
        assert bool(spec.unit_zh) == bool(spec.unit_en)
        assert spec.name in CLAUSES[spec.clause].parameters
        if spec.min is not None:
            assert all(spec.min <= number <= spec.max for number in (typed if isinstance(typed, list) else [typed]))


@pytest.mark.parametrize(
    ("name", "stored", "typed"),
    [
        ("early_arrival_minutes", 10, 10),
        ("changing_room_clean_weekday", "monday", 0),
        ("leaf_clean_weekday", "friday", 4),
        ("half_year_summary_due", "06-30", (6, 30)),
        ("answer_due_minutes", [30, 60, 240], [30, 60, 240]),
    ],
)
def test_stored_and_typed_forms(name, stored, typed):
    spec = PARAMETERS[name]
    assert spec.typed(stored) == typed
    assert spec.typed(typed) == typed
    assert spec.stored(typed) == stored
    assert spec.stored(stored) == stored


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("early_arrival_minutes", "10"),
        ("early_arrival_minutes", True),
        ("early_arrival_minutes", 10.0),
        ("early_arrival_minutes", None),
        ("changing_room_clean_weekday", 7),
        ("changing_room_clean_weekday", "someday"),
        ("half_year_summary_due", "02-30"),
        ("half_year_summary_due", "02-29"),
        ("half_year_summary_due", "6-30"),
        ("half_year_summary_due", "06-30\n"),
        ("half_year_summary_due", (6, 31)),
        ("half_year_summary_due", 630),
        ("answer_due_minutes", []),
        ("answer_due_minutes", 30),
        ("answer_due_minutes", [30, "60", 240]),
    ],
)
def test_another_type_is_an_error(name, wrong):
    with pytest.raises(ValueError):
        PARAMETERS[name].typed(wrong)
