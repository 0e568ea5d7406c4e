import pytest
from django.utils import translation

from rulebook import values
from rulebook.register import PARAMETERS


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("early_arrival_minutes", " 12 ", 12),
        ("early_arrival_minutes", "１２", 12),
        ("early_arrival_minutes", "-1", -1),
        ("early_arrival_minutes", "twelve", "twelve"),
        ("early_arrival_minutes", "1" * 30, "1" * 30),
        ("answer_due_minutes", "30, 60,240", [30, 60, 240]),
        ("answer_due_minutes", "30、60，240", [30, 60, 240]),
        ("answer_due_minutes", "30 sixty 240", [30, "sixty", 240]),
        ("answer_due_minutes", "", []),
        ("leaf_clean_weekday", "friday", 4),
        ("leaf_clean_weekday", "Fri", 4),
        ("leaf_clean_weekday", "周五", 4),
        ("leaf_clean_weekday", "星期日", 6),
        ("leaf_clean_weekday", "day 9", "day 9"),
        ("half_year_summary_due", "06-30", (6, 30)),
        ("half_year_summary_due", "6月30日", (6, 30)),
        ("half_year_summary_due", "midsummer", "midsummer"),
    ],
)
def test_reads_what_people_write(name, text, read):
    assert values.read(PARAMETERS[name], text) == read


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("early_arrival_minutes", "10 分钟（班前）", "10 minutes before the shift"),
        ("leaf_clean_weekday", "周五", "Friday"),
        ("half_year_summary_due", "6月30日", "30 Jun"),
        (
            "answer_due_minutes",
            "30、60、240 分钟（逐级，从班长起）",
            "30, 60, 240 minutes for each level, leader first",
        ),
    ],
)
def test_shows_a_value_in_both_languages(name, zh, en):
    spec = PARAMETERS[name]
    assert values.show_with_unit(spec, spec.default) == zh
    with translation.override("en"):
        assert values.show_with_unit(spec, spec.default) == en


def test_every_parameter_has_a_range_and_a_hint():
    with translation.override("en"):
        assert values.show_range(PARAMETERS["early_arrival_minutes"]) == "0–60"
        assert values.show_range(PARAMETERS["leaf_clean_weekday"]) == "a day of the week"
        assert values.hint(PARAMETERS["answer_due_minutes"]) == (
            "3 whole numbers from 1 to 2880, separated by commas. Unit: minutes for each level, leader first."
        )
    assert all(values.show_range(spec) and values.hint(spec) for spec in PARAMETERS.values())


def test_a_field_begins_with_a_text_that_reads_back():
    for spec in PARAMETERS.values():
        typed = spec.typed(spec.default)
        assert spec.typed(values.read(spec, values.initial(spec, typed))) == typed
