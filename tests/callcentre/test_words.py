import datetime as dt
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from callcentre import words

TZ = dt.timezone(dt.timedelta(hours=8))
MONDAY = dt.date(2026, 11, 23)


def at(hour, minute=0, day=23):
    return dt.datetime(2026, 11, day, hour, minute, 5, tzinfo=TZ)


def render(source, **context):
    with timezone.override(TZ):
        return Template(source).render(Context(context))


@pytest.fixture(params=["zh-hans", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


def said(language, zh, en):
    return en if language == "en" else zh


def test_pick_falls_back_to_the_other_language(language):
    assert words.pick("班长", "leader") == said(language, "班长", "leader")
    assert words.pick("班长", "") == "班长"
    assert words.pick("", "leader") == "leader"


def test_pick_is_chinese_where_translation_is_off():
    with translation.override(None):
        assert words.pick("班长", "leader") == "班长"


def test_dates(language):
    assert words.long_date(MONDAY) == said(language, "2026年11月23日 周一", "Mon 23 Nov 2026")
    assert words.short_date(MONDAY) == said(language, "11月23日 周一", "Mon 23 Nov")
    assert words.month(MONDAY) == said(language, "2026年11月", "Nov 2026")
    assert words.weekday(dt.date(2026, 11, 29)) == said(language, "周日", "Sun")
    assert words.long_stamp(at(8)) == said(language, "2026年11月23日 周一 08:00:05", "Mon 23 Nov 2026 08:00:05")


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        (at(0, day=30), "11月29日 24:00", "29 Nov 24:00"),
        (at(0, day=1), "10月31日 24:00", "31 Oct 24:00"),
        (at(0, 1, day=30), "11月30日 00:01", "30 Nov 00:01"),
        (at(16), "11月23日 16:00", "23 Nov 16:00"),
    ],
)
def test_a_deadline_at_midnight_is_the_end_of_the_day_before(language, moment, zh, en):
    moment = moment.replace(second=0)
    assert words.until(moment) == said(language, zh, en)
    assert render("{{ at|until }}", at=moment.astimezone(dt.UTC)) == said(language, zh, en)


@pytest.mark.parametrize(
    ("starts", "ends", "zh", "en"),
    [
        (at(8), at(16), "08:00–16:00", "08:00–16:00"),
        (at(16), at(0, day=24), "16:00–24:00", "16:00–24:00"),
        (at(0), at(8), "00:00–08:00", "00:00–08:00"),
        (at(23), at(7, day=24), "23:00–次日07:00", "23:00–07:00 (+1)"),
        (at(0), at(0, day=24), "00:00–24:00", "00:00–24:00"),
        (at(8), at(8, day=25), "11月23日 08:00–11月25日 08:00", "23 Nov 08:00–25 Nov 08:00"),
        (dt.time(8), dt.time(16), "08:00–16:00", "08:00–16:00"),
        (dt.time(16), dt.time(0), "16:00–24:00", "16:00–24:00"),
        (dt.time(23), dt.time(7), "23:00–次日07:00", "23:00–07:00 (+1)"),
    ],
)
def test_time_range(language, starts, ends, zh, en):
    assert words.time_range(starts, ends) == said(language, zh, en)


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (dt.timedelta(seconds=59), "0分钟", "0 min"),
        (59, "59分钟", "59 min"),
        (60, "1小时0分", "1 h 0 min"),
        (dt.timedelta(minutes=85, seconds=59), "1小时25分", "1 h 25 min"),
        (dt.timedelta(days=2, hours=3, minutes=40), "2天3小时", "2 d 3 h"),
    ],
)
def test_duration(language, length, zh, en):
    assert words.duration(length) == said(language, zh, en)


def test_filters_say_moments_in_the_current_zone():
    utc = at(1).astimezone(dt.UTC)
    with translation.override("zh-hans"):
        assert render("{{ at|clock }} {{ at|long_date }}", at=utc) == "01:00 2026年11月23日 周一"
        assert render("{{ a|time_range:b }}", a=utc, b=at(9).astimezone(dt.UTC)) == "01:00–09:00"


def test_filters_say_nothing_of_nothing_but_midnight_is_something():
    assert render("{{ at|clock }}{{ at|long_date }}{{ at|duration }}", at=None) == ""
    assert render("{{ at|clock }}", at=dt.time(0)) == "00:00"


def test_moment_has_the_whole_moment_as_its_title():
    with translation.override("en"):
        assert render("{% moment at 'clock' %}", at=at(8)) == (
            '<time datetime="2026-11-23T08:00:05+08:00" title="Mon 23 Nov 2026 08:00:05">08:00</time>'
        )
        assert render("{% moment at %}", at=None) == ""


def test_moment_says_a_deadline_at_midnight_as_the_end_of_the_day_before():
    midnight = dt.datetime(2026, 11, 30, tzinfo=TZ)
    with translation.override("en"):
        assert render("{% moment at 'until' %}", at=midnight) == (
            '<time datetime="2026-11-30T00:00:00+08:00" title="Mon 30 Nov 2026 00:00:00">29 Nov 24:00</time>'
        )


def test_since_says_how_long_ago():
    with translation.override("en"):
        assert render("{% since at now %}", at=at(8), now=at(8, 25)) == (
            '<time datetime="2026-11-23T08:00:05+08:00" title="Mon 23 Nov 2026 08:00:05">25 min ago</time>'
        )


def test_icon_is_hidden_from_screen_readers():
    assert 'class="icon big" aria-hidden="true"' in render("{% icon 'bell' 'big' %}").replace(
        'aria-hidden="true" class="icon big"', 'class="icon big" aria-hidden="true"'
    )


def test_badge_of_a_record_takes_its_look_from_the_status():
    duty = SimpleNamespace(status="missed", get_status_display=lambda: "missed <b>")
    html = render("{% badge duty %}", duty=duty)
    assert html.startswith('<span class="badge" data-kind="danger"><svg')
    assert html.endswith("</svg>missed &lt;b&gt;</span>")


def test_badge_of_a_status_without_a_look_is_muted():
    thing = SimpleNamespace(status="odd", get_status_display=lambda: "odd")
    assert render("{% badge thing %}", thing=thing).startswith('<span class="badge" data-kind="muted">')


def test_badge_of_a_word():
    assert render("{% badge 'Overdue' 'danger' 'alarm-clock' %}").endswith("</svg>Overdue</span>")
