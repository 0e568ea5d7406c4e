"""What other apps have open when a shift ends: requests and reports, instructions, duties. Each has an owner there.

The whole crew reads a log, so confidential cases are left out entirely, and of the others it has no text.
"""

from django.db.models import F, Q, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from duties import who
from duties.models import Duty, Who
from escalations.models import Case, Category, Instruction, Kind
from handover.sections import Section
from handover.sources import source, told
from notices.models import Notice

CASE, INSTRUCTION, DUTY = "case", "instruction", "duty"
NEWEST = 50
UNDONE = (Duty.Status.OPEN, Duty.Status.STARTED)


def cases(shift):
    """Open at the centre, whenever they began: each waits for somebody."""
    rows = Case.objects.open().not_confidential().filter(centre=shift.centre_id, submitted_at__lt=shift.ends_at)
    code = Concat("kind", Value("."), "category", output_field=CharField())
    yield told(rows, CASE, person="waits_for", by="reporter", code=code)


def about_case(fact):
    kind, _dot, category = fact.code.partition(".")
    return {"kind": Kind(kind).label, "number": fact.pk, "category": Category(category).label}


def instructions(shift):
    """Given during the shift: by whom, and who carries it out."""
    rows = Instruction.objects.filter(at__gte=shift.starts_at, at__lt=shift.ends_at, case__centre=shift.centre_id)
    rows = rows.exclude(case__category=Category.CONFIDENTIAL)
    yield told(rows, INSTRUCTION, person="case__reporter", by="by", code=Cast("case_id", CharField()))


def duties(shift):
    """Open before the shift's end and not done, or missed during it; what was missed earlier was reported up then."""
    open_ = Q(status__in=UNDONE, opens_at__lt=shift.ends_at)
    missed = Q(status=Duty.Status.MISSED, due_at__gt=shift.starts_at, due_at__lte=shift.ends_at)
    rows = Duty.objects.filter(open_ | missed, centre=shift.centre_id)
    yield told(rows, DUTY, person="assignee", code=F("rule__who"), zh=F("rule__name_zh"), en=F("rule__name_en"))


def about_duty(fact):
    return {"owner": Who(fact.code).label}


def name_owners(centre, rows):
    """Until a duty is started the roster says whose it is; what is signed names who it was then."""
    found = who.assignees(centre, Duty.objects.filter(pk__in=[row[1] for row in rows]).with_rule())
    for row in rows:
        person = found[row[1]].person
        row[2] = person.pk if person else None


def duty_names(pks):
    return Duty.objects.filter(pk__in=pks).values_list("pk", "rule__name_zh", "rule__name_en")


def published(*kinds):
    def rows(shift):
        """Of the newest, so that the history of notices costs nothing."""
        newest = Notice.objects.filter(centre=shift.centre_id).order_by("-pk").values("pk")[:NEWEST]
        rows = Notice.objects.filter(pk__in=newest, kind__in=kinds, version__gt=0)
        rows = rows.filter(published_at__gte=shift.starts_at, published_at__lt=shift.ends_at)
        yield told(rows, f"notice.{kinds[0].value}", person=None, by="published_by", zh=F("title"), en=F("title"))

    return rows


def notice_titles(pks):
    return Notice.objects.filter(pk__in=pks).values_list("pk", "title", F("title"))


for section, kinds in (
    (Section.BUSINESS_CHANGES, (Notice.Kind.BUSINESS, Notice.Kind.OFFER)),
    (Section.INSTRUCTIONS, (Notice.Kind.INSTRUCTION,)),
):
    source(
        section,
        {f"notice.{kinds[0].value}": _("Notice by %(by)s: %(title)s")},
        published(*kinds),
        link=lambda fact: reverse("notices:show_notice", args=[fact.pk]),
        titles=notice_titles,
    )

source(
    Section.INSTRUCTIONS,
    {INSTRUCTION: _("%(by)s gave an instruction on no. %(number)s; %(person)s carries it out")},
    instructions,
    describe=lambda fact: {"number": fact.code},
    link=lambda fact: reverse("escalations:show_case", args=[fact.code]),
    public=False,
)
source(
    None,
    {CASE: _("%(kind)s no. %(number)s: %(category)s")},
    cases,
    describe=about_case,
    link=lambda fact: reverse("escalations:show_case", args=[fact.pk]),
    public=False,
)
source(
    None,
    {DUTY: _("Duty not done: %(title)s")},
    duties,
    describe=about_duty,
    link=lambda fact: reverse("duties:show_duty", args=[fact.pk]),
    titles=duty_names,
    freeze=name_owners,
)
