"""Announcements and messages for tests."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from delivery import actions, kinds, topics
from delivery.models import Channel, Dispatch
from tests import make

TEST_KIND = kinds.kind("tests.duty_opened", _("“%(rule)s” of %(due_on)s is open since %(opened_at)s."))
FACTS = {"rule_zh": "浇水", "rule_en": "Watering", "due_on": make.MONDAY, "opened_at": make.at(8)}
ADDRESSES = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=566cc69da782ec",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/2b7e1f0a",
}


def announcement(*, to, centre=None, at=None, kind=TEST_KIND, urgent=False, restricted=False, link="", **facts):
    with transaction.atomic():
        return actions.announce(
            kind,
            centre=centre or make.centre(),
            to=to,
            at=at or make.at(8),
            urgent=urgent,
            restricted=restricted,
            link=link,
            **(facts or FACTS),
        )


def message(*, person, **kwargs):
    """A message that the relay has delivered."""
    made = announcement(to=[person], centre=person.centre, **kwargs)
    actions.send(made)
    return made.messages.get()


def channel(kind="wecom", *, name=None, centre=None, address=None, secret="", teams=(), **fields):
    """A channel that hears of everything."""
    if kind != "mail":
        address, secret = address or ADDRESSES[kind], secret or ("SEC0f1e2d" if kind in Channel.SIGNED else "")
    made = Channel.objects.create(
        kind=kind,
        name=name or f"群 {Channel.objects.count() + 1}",
        centre=centre or make.centre(),
        address=address or "",
        secret=secret,
        **{"topics": list(topics.TOPICS), **fields},
    )
    made.teams.set(teams)
    return made


def relayed(**kwargs):
    """An announcement that the relay has taken from the outbox."""
    made = announcement(**kwargs)
    actions.send(made)
    return made


def states():
    """(status, tries) of all dispatches, oldest first."""
    return list(Dispatch.objects.order_by("pk").values_list("status", "tries"))
