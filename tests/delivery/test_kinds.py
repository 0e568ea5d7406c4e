import datetime as dt

import pytest
from django.utils import timezone, translation

from delivery import kinds
from tests.make_delivery import TEST_KIND

FACTS = {"rule_zh": "浇水", "rule_en": "Watering", "due_on": "2026-11-23", "opened_at": "2026-11-23T00:00:00+00:00"}
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "“Watering” of Mon 23 Nov is open since 23 Nov 08:00."),
        ("zh-hans", "“浇水” of 11月23日 周一 is open since 11月23日 08:00."),
    ],
)
def test_a_message_is_in_its_readers_language_and_zone(language, text):
    with translation.override(language), timezone.override(SHANGHAI):
        assert kinds.text(TEST_KIND, FACTS) == text


def test_a_deadline_at_midnight_is_the_end_of_the_day_before():
    midnight = "2026-11-29T16:00:00+00:00"
    with translation.override("zh-hans"), timezone.override(SHANGHAI):
        said = kinds.readable({"due_at": midnight, "opened_at": midnight})
    assert said == {"due_at": "11月29日 24:00", "opened_at": "11月30日 00:00"}


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("gone.with_its_version", {}),
        (TEST_KIND, {}),
        (TEST_KIND, {**FACTS, "due_on": "no date"}),
        (TEST_KIND, {**FACTS, "due_on": 7}),
    ],
)
def test_a_row_of_another_version_still_shows(code, facts):
    with translation.override("en"):
        assert kinds.text(code, facts) == "A message from an earlier version. Open it to see what it is about."


def test_a_kind_is_declared_once():
    with pytest.raises(ValueError, match="declared twice"):
        kinds.kind(TEST_KIND, "again")
