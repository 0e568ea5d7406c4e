"""What the page of one case shows: the same in the product and in the admin."""

from django.utils.translation import pgettext

from escalations import rules, sources
from escalations.models import Case, Remark, files
from escalations.steps import offers
from journal.models import Entry

Status = Case.Status


def of_case(case, person, at, failed=None, url_name="escalations:%s_case"):
    """The context of a case's page; url_name and failed as in steps.offers."""
    if case.level_id:
        case.level = next(level for level in case.chain if level.pk == case.level_id)
    instructions = given(case)
    remarks = list(case.remarks.select_related("by")) if case.status != Status.DRAFT else []
    attached = files.of_case(case)
    return {
        "case": case,
        "at": at,
        "chain": case.chain,
        "instructions": instructions,
        "offers": offers(case, person, url_name, failed),
        "steps": steps(case, instructions, remarks),
        "timeline": timeline(case, instructions, remarks, attached),
        "files": [file for file in attached if file.remark_id is None],
        "is_overdue": case.is_overdue(at),
        "follow_ups": [level.follow_up for level in case.chain if level.was_skipped],
        "source": sources.of(case.source, person),
        "is_mine": case.waits_for_id == person.pk,
        "goes_up_by_itself": case.is_answerable and rules.next_level(case) is not None,
        "question": newest(remarks, Remark.Step.RETURNED),
        "evidence": with_files(newest(remarks, Remark.Step.CARRIED_OUT), attached),
    }


def newest(remarks, step):
    return next((row for row in reversed(remarks) if row.step == step), None)


def with_files(remark, attached):
    if remark:
        remark.attached = [file for file in attached if file.remark_id == remark.pk]
    return remark


def given(case):
    """The instructions, each with the dissent beside it where there is one."""
    if not case.instruction_id:
        return []
    return list(case.instructions.select_related("by", "level", "dissent__by", "dissent__answered_by"))


def timeline(case, instructions, remarks, attached):
    """The journal's rows about the case, newest first, each with what was written and attached at that step."""
    texts = {("instruction", row.pk): row.text for row in instructions}
    texts |= {("remark", row.pk): row.text for row in remarks}
    dissents = [row.dissent for row in instructions if hasattr(row, "dissent")]
    texts |= {("dissent", row.pk): row.text for row in dissents}
    texts |= {("answer", row.pk): row.answer for row in dissents}
    texts |= {("skipped", level.order): case.skip_reason for level in case.chain}
    texts |= {("followed_up", level.order): level.follow_up.text for level in case.chain if level.was_skipped}
    texts |= {("passed", level.order): level.passed_reason for level in case.chain}
    levels = {level.order: level for level in case.chain}
    entries = list(Entry.objects.about(case))
    with_remark = {file.pk for file in attached if file.remark_id}
    entries = [entry for entry in entries if entry.facts.get("file") not in with_remark]
    for entry in entries:
        facts = entry.facts
        entry.files = [file for file in attached if facts.get("file") == file.pk or added_with(file, facts)]
        entry.level = levels.get(facts.get("level"))
        entry.text = next((texts[key] for key in keys(entry.verb, facts) if key in texts), "")
    return entries[::-1]


def added_with(file, facts):
    return file.remark_id is not None and file.remark_id == facts.get("remark")


PLACES = {
    "escalation.passed_up": "passed",
    "escalation.level_skipped": "skipped",
    "escalation.followed_up": "followed_up",
}


def keys(verb, facts):
    """Where the words of a journal row are kept: its facts hold only ids."""
    yield "instruction", facts.get("instruction")
    yield "remark", facts.get("remark")
    yield "answer", facts.get("answer")
    if verb == "escalation.dissented":
        yield "dissent", facts.get("dissent")
    if place := PLACES.get(verb):
        yield place, facts.get("level")


def steps(case, instructions, remarks):
    """How far it has come, for the row of steps. What an ended case or a report did not need is left out."""
    acknowledged = [level.acknowledged_at for level in case.chain if level.acknowledged_at]
    carried_out = [row.at for row in remarks if row.step == Remark.Step.CARRIED_OUT]
    given = [row.at for row in instructions]
    is_open = not case.closed_at
    ways = [
        (pgettext("case", "submitted"), case.submitted_at, True),
        (pgettext("case", "acknowledged"), max(acknowledged, default=None), is_open),
        (pgettext("case", "instructed"), max(given, default=None), is_open and case.is_request),
        (pgettext("case", "carried out"), max(carried_out, default=None), is_open and bool(given or case.is_request)),
    ]
    rows = [
        {"label": label, "at": at, "state": "done" if at else "todo"} for label, at, expected in ways if at or expected
    ]
    return mark_current([*rows, last_step(case)])


def last_step(case):
    if case.status == Status.WITHDRAWN:
        return {"label": pgettext("case", "withdrawn"), "at": case.closed_at, "state": "wrong"}
    return {"label": pgettext("case", "closed"), "at": case.closed_at, "state": "done" if case.closed_at else "todo"}


def mark_current(rows):
    """The first step after the last one done is the current one; one left out before it counts as passed."""
    last = max((number for number, row in enumerate(rows) if row["state"] != "todo"), default=-1)
    for row in rows[:last]:
        row["state"] = "done"
    for row in rows[last + 1 : last + 2]:
        row["state"] = "current"
    return rows
