"""Who hears of what, where a message may go, when, and how often. Pure; chance is given as `share`, from 0 to 1."""

import datetime as dt
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.refusals import Refused, texts

MINUTE = dt.timedelta(minutes=1)
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=30), dt.timedelta(minutes=30)
A_MINUTE = {"wecom": 20, "dingtalk": 20, "feishu": 100, "mail": 120}  # messages, as each endpoint allows
HOSTS = {
    "wecom": {"qyapi.weixin.qq.com": "/cgi-bin/webhook/send"},
    "dingtalk": {"oapi.dingtalk.com": "/robot/send"},
    "feishu": {"open.feishu.cn": "/open-apis/bot/v2/hook/", "open.larksuite.com": "/open-apis/bot/v2/hook/"},
}

texts(
    {
        "address_not_https": _("A webhook address begins with https://. Copy it from the group's robot."),
        "address_elsewhere": _("This is no address of such a robot. Copy it from the group's robot."),
        "channel_off_already": _("This channel is switched off. Switch it on first."),
        "no_own_address": _("You have no e-mail address. Enter yours under “What reaches me”, then try again."),
    }
)


def check_address(kind, address, allowed=()):
    """Raise Refused: "address_not_https", "address_elsewhere".

    allowed: host:port of robots besides the vendors' own, which the installation's environment names; without TLS too.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as odd:
        raise Refused("address_elsewhere", field="new_address") from odd
    if parts.username is not None or parts.fragment or any(c <= " " or c > "~" for c in address):
        raise Refused("address_elsewhere", field="new_address")
    if f"{host}:{port or 443}" in allowed and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https":
        raise Refused("address_not_https", field="new_address")
    path = HOSTS.get(kind, {}).get(host)
    if path is None or port not in (None, 443) or not parts.path.startswith(path):
        raise Refused("address_elsewhere", field="new_address")


def hears(channel, topic, *, urgent, teams, roles, heard_teams):
    """Whether the robot's group is told. teams, roles: of the recipients; heard_teams: ids that the channel names."""
    if topic not in channel.topics or (channel.only_urgent and not urgent):
        return False
    if not heard_teams and not channel.roles:
        return True
    return not teams.isdisjoint(heard_teams) or not roles.isdisjoint(channel.roles)


def quiet_until(quiet_from, until, centre, at):
    """The moment at which the quiet hours around `at` end; None outside them."""
    if quiet_from is None or until is None or quiet_from == until:
        return None
    local = at.astimezone(centre.tz)
    over_midnight = until < quiet_from
    before_midnight = local.time() >= quiet_from
    if over_midnight and not (before_midnight or local.time() < until):
        return None
    if not over_midnight and not quiet_from <= local.time() < until:
        return None
    ends_on = local.date() + dt.timedelta(days=1) if over_midnight and before_midnight else local.date()
    return clock.moment(centre, ends_on, until)


def earliest(at, *, urgent, kind, quiet, centre, share):
    """The first moment from `at` on at which the message may go. quiet: [(from, until)] of its channel and person.

    What is urgent goes at once. Feishu asks to be spared at full and half hours, when everybody's robots speak.
    """
    if urgent:
        return at
    for _round in quiet * 2:  # the end of one may lie within the other
        ends = [end for begins, until in quiet if (end := quiet_until(begins, until, centre, at))]
        at = max([at, *ends])
    if kind == "feishu" and at.minute % 30 < 2:
        at = at.replace(second=0, microsecond=0) + dt.timedelta(minutes=2 - at.minute % 30, seconds=int(180 * share))
    return at


def wait_after(failures, share):
    """How long until the next try: twice as long each time, and not everybody's at the same moment."""
    doubled = min(FIRST_WAIT * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    return doubled * (0.75 + share / 2)


def lately(recent, at):
    """Those of the moments of posting that still count against the limit."""
    return [moment for moment in recent if dt.datetime.fromisoformat(moment) > at - MINUTE]


def batches(rows, budget, *, recovering=False):
    """What goes into one message each: every row by itself while the limit allows, else the rest as one digest.

    rows: urgent first. recovering: after a failure all that has piled up goes as one.
    """
    budget = min(budget, 1) if recovering else budget
    if budget <= 0 or not rows:
        return []
    if len(rows) <= budget:
        return [[row] for row in rows]
    alone = [row for row in rows if row.urgent][: budget - 1]
    return [*([row] for row in alone), rows[len(alone) :]]


def by_person(rows, budget):
    """E-mail: each person's rows in one message, who waits for an urgent one first."""
    letters: dict[int, list] = {}
    for row in rows:
        letters.setdefault(row.person_id, []).append(row)
    return list(letters.values())[: max(budget, 0)]
