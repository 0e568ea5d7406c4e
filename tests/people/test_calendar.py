import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from journal.models import Entry
from people import actions
from people.holidays import days_of
from people.models import CalendarDay
from tests import make

pytestmark = pytest.mark.django_db

NATIONAL_DAY = dt.date(2026, 10, 1)
MAKE_UP = dt.date(2026, 10, 10)


def load(*years):
    days = [day for year in years for day in days_of(year)]
    return actions.load_calendar(centre=make.centre(), days=days, by=None, at=make.at(8))


def day(on):
    return CalendarDay.objects.values_list("kind", "name", "certainty").get(on=on)


def test_an_announced_year_has_its_make_up_workdays():
    assert load(2026) == 28
    assert day(NATIONAL_DAY) == ("holiday", "国庆节", "announced")
    assert day(dt.date(2026, 10, 7)) == ("holiday", "调休放假", "announced")
    assert day(MAKE_UP) == ("workday", "调休上班", "announced")
    assert MAKE_UP.weekday() == 5


def test_a_day_is_named_in_the_readers_language():
    load(2026)
    names = {}
    for language in ("zh-hans", "en"):
        with override(language):
            names[language] = [CalendarDay.objects.get(on=on).title for on in (NATIONAL_DAY, MAKE_UP)]
    assert names == {"zh-hans": ["国庆节", "调休上班"], "en": ["National Day", "Make-up workday"]}
    assert CalendarDay(name="厂庆").title == "厂庆"


def test_a_year_to_come_is_predicted():
    load(2028)
    assert day(dt.date(2028, 10, 1)) == ("holiday", "国庆节", "predicted")
    assert not CalendarDay.objects.filter(kind="workday").exists()
    assert day(dt.date(2028, 10, 3)) == ("holiday", "中秋节、国庆节", "predicted")


def test_what_was_announced_by_hand_stays():
    load(2028)
    edited = CalendarDay.objects.get(on=dt.date(2028, 10, 4))
    edited.name = "国庆节调休"
    actions.save_calendar_day(day=edited, by=make.person(), at=make.at(8))
    load(2028)
    assert day(edited.on) == ("holiday", "国庆节调休", "announced")


def test_a_prediction_that_no_longer_holds_goes():
    CalendarDay.objects.create(centre=make.centre(), on=dt.date(2028, 7, 7), kind="holiday", name="误")
    load(2028)
    assert not CalendarDay.objects.filter(name="误").exists()


def test_loading_twice_changes_nothing():
    load(2026, 2028)
    before = list(CalendarDay.objects.order_by("on").values_list("on", "kind", "name", "certainty"))
    load(2026, 2028)
    assert list(CalendarDay.objects.order_by("on").values_list("on", "kind", "name", "certainty")) == before
    assert list(Entry.objects.values_list("verb", flat=True)) == ["calendar.loaded"] * 2


def test_the_command_loads_every_centre():
    here, there = make.centre(), make.centre(name="别处")
    call_command("load_calendar", "--year", "2026", "2027")
    counts = [CalendarDay.objects.filter(centre=centre).count() for centre in (here, there)]
    assert counts[0] == counts[1] > 40


@pytest.mark.parametrize("arguments", [["--year", "1999"], ["--year", "2026", "--centre", "nowhere"]])
def test_the_command_refuses_nonsense(arguments):
    make.centre()
    with pytest.raises(CommandError):
        call_command("load_calendar", *arguments)
