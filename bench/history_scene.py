"""Logs and unified answers in a young centre and in one with ten years behind it, and what each page reads."""

import itertools
from urllib.parse import urlencode

from django.urls import reverse

from bench.counts import Visitor
from bench.reads import reads
from board.demo.month import BATCH
from callcentre import clock
from handover.models import Log
from notices import actions
from notices.models import Notice, UnifiedAnswer
from people.models import Person

OLD = 10_000  # logs of the grown centre, at least
ANSWERS = 5_000
AS_ONE_TYPES = 100  # ms for a search of the answers, while a caller waits
PLACES = (
    "城东",
    "城西",
    "城南",
    "城北",
    "开发区",
    "高新区",
    "老城区",
    "新城区",
    "郊县",
    "乡镇",
    "园区",
    "校区",
    "景区",
)
PRODUCTS = ("家庭", "商务", "校园", "融合", "尊享", "青春", "亲情", "畅享", "经济", "旗舰")


def pages():
    leader = Person.objects.select_related("centre").get(employee_number="1100")
    if (logs := Log.objects.count()) > OLD // 2:
        if logs < OLD:
            raise RuntimeError(f"only {logs} logs")
        fill_answers(leader.centre)
    log, boss = Log.objects.current(leader.centre, clock.now()).get(), Visitor(leader)
    paths = {
        "a log": reverse("handover:show_log", args=[log.pk]),
        "list of logs": reverse("handover:list_logs"),
        "search of logs, a common word": f"{reverse('handover:search_logs')}?{urlencode({'q': '客户'})}",
        "search of logs, several words": f"{reverse('handover:search_logs')}?{urlencode({'q': '三号席 耳机杂音'})}",
        "search of answers": f"{reverse('notices:search_answers')}?{urlencode({'q': '宽带断网怎么办'})}",
    }
    for name, path in paths.items():
        promise = {"within_ms": AS_ONE_TYPES} if name == "search of answers" else {}
        yield boss.page(name, path) | {"reads": reads(boss, path)} | promise


def fill_answers(centre):
    """As many published answers as a large centre keeps: the demo centre's, of each place and product."""
    models = list(UnifiedAnswer.objects.filter(centre=centre).published().select_related("notice"))
    kinds = itertools.product(PLACES, PRODUCTS, models)
    wanted = list(itertools.islice(kinds, ANSWERS - len(models)))
    notices = Notice.objects.bulk_create([again(model.notice) for _place, _product, model in wanted], BATCH)
    answers = [
        again(model, question=f"{place}{product}{model.question}", notice=notice)
        for (place, product, model), notice in zip(wanted, notices, strict=True)
    ]
    actions.index(UnifiedAnswer.objects.bulk_create(answers, BATCH))


def again(row, **changes):
    fields = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    copy = type(row)(**fields)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy
