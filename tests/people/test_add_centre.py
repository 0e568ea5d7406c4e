import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command

from journal.models import Entry
from people.models import Centre

pytestmark = pytest.mark.django_db


def add(*arguments):
    out = io.StringIO()
    call_command("add_centre", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_first_centre_of_an_installation():
    said = add("远山客服中心", "--timezone", "Asia/Urumqi", "--opened-on", "2026-12-01")
    centre = Centre.objects.get()
    assert said == f"Centre {centre.pk}: 远山客服中心, Asia/Urumqi, from 2026-12-01."
    assert (centre.name, centre.timezone, centre.opened_on) == ("远山客服中心", "Asia/Urumqi", dt.date(2026, 12, 1))
    assert not centre.is_demo
    assert list(Entry.objects.values_list("verb", "centre", "actor")) == [("centre.edited", centre.pk, None)]


@pytest.mark.parametrize("arguments", [["远山", "--timezone", "Nowhere/Here"], [""], ["远" * 101]])
def test_a_wrong_name_or_time_zone_is_refused(arguments):
    with pytest.raises(CommandError):
        add(*arguments)
    assert not Centre.objects.exists()


def test_a_name_is_taken_once():
    add("远山客服中心")
    with pytest.raises(CommandError):
        add("远山客服中心")
    assert Centre.objects.count() == 1
