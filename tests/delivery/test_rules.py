import datetime as dt
from types import SimpleNamespace

import pytest

from callcentre.refusals import refusal
from delivery import rules
from tests.make import at
from tests.make_delivery import ADDRESSES

SHANGHAI = SimpleNamespace(tz=dt.timezone(dt.timedelta(hours=8)))
NIGHT = (dt.time(22), dt.time(7))
NOON = (dt.time(12), dt.time(13, 30))
TUESDAY = dt.date(2026, 11, 24)


def code(kind, address, allowed=()):
    refused = refusal(rules.check_address, kind, address, allowed)
    return refused and refused.code


@pytest.mark.parametrize("kind", ADDRESSES)
def test_the_vendors_addresses_pass(kind):
    assert code(kind, ADDRESSES[kind]) is None


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("", "address_not_https"),
        ("http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "address_not_https"),
        ("ftp://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "address_not_https"),
        ("https://qyapi.weixin.qq.com.example.com/cgi-bin/webhook/send?key=1", "address_elsewhere"),
        ("https://qyapi.weixin.qq.com@10.0.0.1/cgi-bin/webhook/send", "address_elsewhere"),
        ("https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send", "address_elsewhere"),
        ("https://qyapi.weixin.qq.com:x/cgi-bin/webhook/send", "address_elsewhere"),
        ("https://qyapi.weixin.qq.com/cgi-bin/gettoken", "address_elsewhere"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1#x", "address_elsewhere"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1\r\nHost: x", "address_elsewhere"),
        ("https://oapi.dingtalk.com/robot/send?access_token=1", "address_elsewhere"),
        ("https://127.0.0.1/cgi-bin/webhook/send", "address_elsewhere"),
        ("https://[::1]/cgi-bin/webhook/send", "address_elsewhere"),
        ("https://[::1/cgi-bin/webhook/send", "address_elsewhere"),
        ("http://127.0.0.1:8081/x", "address_not_https"),
    ],
)
def test_anything_else_is_no_address_of_a_wecom_robot(address, refused):
    assert code("wecom", address) == refused


def test_the_environment_may_allow_a_host_and_port():
    assert code("wecom", "http://127.0.0.1:8081/x", ["127.0.0.1:8081"]) is None
    assert code("wecom", "https://robots.example.cn/x", ["robots.example.cn:443"]) is None
    assert code("wecom", "http://127.0.0.1:8082/x", ["127.0.0.1:8081"]) == "address_not_https"


@pytest.mark.parametrize(
    ("times", "moment", "ends"),
    [
        (NIGHT, at(21, 59), None),
        (NIGHT, at(22), at(7, on=TUESDAY)),
        (NIGHT, at(23, 59), at(7, on=TUESDAY)),
        (NIGHT, at(0), at(7)),
        (NIGHT, at(6, 59), at(7)),
        (NIGHT, at(7), None),
        (NOON, at(12), at(13, 30)),
        (NOON, at(13, 30), None),
        ((None, None), at(3), None),
        ((dt.time(8), dt.time(8)), at(8), None),
    ],
)
def test_quiet_hours_in_the_centres_time(times, moment, ends):
    assert rules.quiet_until(*times, SHANGHAI, moment) == ends


def earliest(moment, *, kind="wecom", quiet=(NIGHT,), urgent=False, share=0.0):
    return rules.earliest(moment, urgent=urgent, kind=kind, quiet=list(quiet), centre=SHANGHAI, share=share)


def test_what_is_urgent_waits_for_nobodys_quiet_hours():
    assert earliest(at(23), urgent=True) == at(23)
    assert earliest(at(8), kind="feishu", urgent=True) == at(8)


def test_the_end_of_one_persons_quiet_may_lie_in_the_channels():
    assert earliest(at(6), quiet=[NIGHT, (dt.time(6), dt.time(7, 30))]) == at(7, 30)
    assert earliest(at(6), quiet=[(dt.time(7), dt.time(8)), (dt.time(5), dt.time(7))]) == at(8)


@pytest.mark.parametrize(("minute", "second"), [(0, 0), (0, 59), (1, 59), (30, 0), (31, 30)])
def test_feishu_is_spared_at_full_and_half_hours(minute, second):
    moment = at(9, minute).replace(second=second)
    half = minute // 30 * 30
    assert earliest(moment, kind="feishu") == at(9, half + 2)
    assert earliest(moment, kind="feishu", share=0.99) == at(9, half + 4).replace(second=58)


@pytest.mark.parametrize("minute", [2, 29, 32, 59])
def test_feishu_at_other_minutes_and_others_at_any(minute):
    assert earliest(at(9, minute), kind="feishu") == at(9, minute)
    assert earliest(at(9)) == at(9)


def test_the_wait_doubles_up_to_half_an_hour_and_is_spread():
    seconds = [rules.wait_after(failures, 0.5).total_seconds() for failures in (1, 2, 3, 7, 8, 50)]
    assert seconds == [30, 60, 120, 1800, 1800, 1800]
    assert [rules.wait_after(1, share).total_seconds() for share in (0, 1)] == [22.5, 37.5]


def rows(*letters):
    """U is urgent, each row named by its place."""
    return [SimpleNamespace(urgent=letter == "U", place=place) for place, letter in enumerate(letters)]


@pytest.mark.parametrize(
    ("letters", "budget", "sizes"),
    [
        ("", 20, []),
        ("n", 0, []),
        ("nnn", 3, [1, 1, 1]),
        ("nnnn", 3, [4]),
        ("Unnn", 3, [1, 3]),
        ("UUUU", 3, [1, 1, 2]),
        ("UUnnn", 1, [5]),
    ],
)
def test_more_than_the_limit_go_as_a_digest(letters, budget, sizes):
    made = rules.batches(rows(*letters), budget)
    assert [len(batch) for batch in made] == sizes
    assert [row.place for batch in made for row in batch] == list(range(len(letters)))[: sum(sizes)]


def test_after_a_failure_all_that_piled_up_goes_as_one():
    assert [len(batch) for batch in rules.batches(rows("U", "n", "n"), 20, recovering=True)] == [3]
    assert rules.batches(rows("n"), 0, recovering=True) == []


def test_an_e_mail_holds_all_that_waits_for_its_reader():
    made = [SimpleNamespace(person_id=pk, place=place) for place, pk in enumerate((7, 8, 7, 9))]
    assert [[row.place for row in letter] for letter in rules.by_person(made, 2)] == [[0, 2], [1]]


def test_only_the_last_minute_counts_against_the_limit():
    recent = [at(9).isoformat(), at(9, 0).replace(second=30).isoformat()]
    assert rules.lately(recent, at(9, 1)) == recent[1:]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, True),
        ({"topics": ["notices"]}, False),
        ({"topics": []}, False),
        ({"only_urgent": True}, False),
        ({"only_urgent": True, "urgent": True}, True),
        ({"heard_teams": {1}}, True),
        ({"heard_teams": {9}}, False),
        ({"channel_roles": ["leader"]}, True),
        ({"channel_roles": ["director"]}, False),
        ({"heard_teams": {9}, "channel_roles": ["leader"]}, True),
    ],
)
def test_what_a_group_hears(fields, told):
    asked = {"topics": ["duties"], "only_urgent": False, "urgent": False, "heard_teams": set(), "channel_roles": []}
    asked |= fields
    channel = SimpleNamespace(topics=asked["topics"], only_urgent=asked["only_urgent"], roles=asked["channel_roles"])
    heard = rules.hears(
        channel,
        "duties",
        urgent=asked["urgent"],
        teams={1, 2},
        roles={"leader", "agent"},
        heard_teams=asked["heard_teams"],
    )
    assert heard is told
