"""Made-up data for /styleguide/: every component in each of its states."""

import datetime as dt
from types import SimpleNamespace as Sample

from django import forms
from django.utils.translation import gettext

from callcentre.attachments import FilesField
from callcentre.refusals import Refused
from callcentre.uploads import Kind
from callcentre.words import pick

TZ = dt.timezone(dt.timedelta(hours=8))
NOW = dt.datetime(2026, 11, 23, 7, 52, 5, tzinfo=TZ)
KINDS = ("ok", "warn", "danger", "info", "muted")
COLOURS = ("page", "surface", "sunken", "line", "text", "quiet", "brand", "brand-soft", "accent", "accent-soft", "ink")
COLOURS += ("link", *KINDS)
STATUSES = ("draft", "open", "submitted", "returned", "passed_up", "accepted", "missed", "verified")


def samples():
    return {
        "now": NOW,
        "night": Sample(starts_at=NOW.replace(hour=23, minute=0), ends_at=NOW.replace(day=24, hour=7, minute=0)),
        "kinds": KINDS,
        "badges": [Sample(status=status, get_status_display=lambda status=status: status) for status in STATUSES],
        "refused": Refused("wrong_state", clause="handover.4", state=pick("待接班", "submitted")),
        "form": blank_form(),
        "wrong_form": wrong_form(),
        "files_form": FilesForm(auto_id="id_%s"),
        "attachments": attachments(),
        "steps": steps(),
        "entries": entries(),
        "items": items(),
        "types": types(),
        "week": week(),
        "rows": rows(),
        "colours": COLOURS,
        "written": pick(
            "3 号机 10:40 起断线，已报修。\n用户来电已转 5 号机。",
            "Desk 3 lost its line at 10:40; reported.\nCalls go to desk 5.",
        ),
    }


class SampleForm(forms.Form):
    """One field of each sort."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        urgent = [("no", pick("一般", "Normal")), ("yes", pick("紧急", "Urgent"))]
        labels = pick("事由 处理建议 日期 类别 缓急 已口头报告", "What Proposal Date Category Urgency Told").split()
        self.fields |= {
            "what": forms.CharField(label=labels[0], help_text=pick("何时、何地、何事。", "When, where, what.")),
            "proposal": forms.CharField(label=labels[1], widget=forms.Textarea(attrs={"rows": 3})),
            "on": forms.DateField(label=labels[2], required=False, widget=forms.DateInput(attrs={"type": "date"})),
            "category": forms.ChoiceField(label=labels[3], choices=[("1", pick("设备故障", "Equipment"))]),
            "urgent": forms.ChoiceField(label=labels[4], choices=urgent, widget=forms.RadioSelect),
            "told": forms.BooleanField(label=labels[5], required=False),
        }


class FilesForm(forms.Form):
    files = FilesField()


def attachments():
    names = pick("机房地面 机房巡检记录 十一月排班", "Floor Rounds Roster").split()
    shown = [("jpeg", "jpg", 482_133), ("pdf", "pdf", 91_200), ("xlsx", "xlsx", 15_870)]
    return [
        Sample(
            name=f"{name}.{suffix}",
            kind=kind,
            get_kind_display=Kind(kind).label,
            size=size,
            is_picture=Kind(kind).is_picture,
            get_absolute_url="#",
            get_remove_url="#",
        )
        for name, (kind, suffix, size) in zip(names, shown, strict=True)
    ]


def blank_form():
    return SampleForm(prefix="blank", auto_id="id_%s")


def wrong_form():
    form = SampleForm({"wrong-what": ""}, prefix="wrong")
    form.is_valid()
    return form


def steps():
    at = NOW - dt.timedelta(hours=1)
    return [
        {"label": pick("已提交", "Submitted"), "state": "done", "at": at, "who": pick("李娜", "Li Na")},
        {"label": pick("已受理", "Acknowledged"), "state": "done", "at": NOW, "who": pick("王班长", "Wang")},
        {"label": pick("待批示", "Awaiting instruction"), "state": "current"},
        {"label": pick("执行", "Carried out"), "state": "todo"},
        {"label": pick("办结", "Closed"), "state": "todo"},
    ]


def entries():
    said = [
        (pick("李娜", "Li Na"), pick("提交了交接日志", "submitted the log")),
        (pick("王建国", "Wang Jianguo"), pick("退回了交接日志", "sent the log back")),
        ("", pick("提醒了接班班长", "reminded the incoming leader")),
    ]
    return [
        Sample(actor=Sample(name=name), verb_label=verb, at=NOW + dt.timedelta(minutes=9 * number), clause="")
        for number, (name, verb) in enumerate(said)
    ]


def items():
    texts = [
        pick("更衣柜面无杂物", "Nothing lies on the lockers"),
        pick("地面、门窗洁净", "Floor, doors and windows are clean"),
        pick("垃圾已清走", "The rubbish is gone"),
    ]
    return [
        Sample(pk=number, text=text, clauses=["hygiene.changing.2"], done=number == 1)
        for number, text in enumerate(texts, start=1)
    ]


def types():
    names = pick("早班 日班 中班 夜班 培训 请假 休息", "Early Day Middle Night Training Leave Off").split()
    return [Sample(letter=letter, name=name) for letter, name in zip("EDMNTLO", names, strict=True)]


def week():
    """Two weeks of four crews in three shifts."""
    cycle = "DDMMNNOO"
    crews = pick("甲班 乙班 丙班 丁班", "A B C D").split()
    return [
        Sample(name=name, letters=[cycle[(day + 2 * crew) % 8] for day in range(14)]) for crew, name in enumerate(crews)
    ]


def rows():
    said = [
        (pick("更衣室清扫", "Clean the changing room"), "danger", gettext("Overdue"), "alarm-clock"),
        (pick("3 号机断线请示", "Request: desk 3 has no line"), "warn", pick("待批示", "Awaiting you"), "hourglass"),
        (pick("接班：甲班日志", "Take over: log of team A"), "info", pick("待接班", "Submitted"), "send"),
    ]
    return [Sample(title=title, kind=kind, label=label, icon=icon) for title, kind, label, icon in said]
