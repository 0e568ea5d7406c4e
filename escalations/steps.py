"""The steps of a case as buttons and small forms: the same for the pages and the admin."""

import dataclasses

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre.refusals import Refused, refusal
from escalations import actions, rules
from escalations.forms import StepForm
from escalations.models import Case
from escalations.permissions import ANSWER, OVERSEE, SEE

# Refusals that say "not yours" or "not now": such a step is left off the page instead of drawn locked.
ELSEWHERE = {
    "case_is_somebody_elses",
    "case_is_at_another_level",
    "wrong_state",
    "request_needs_instruction",
    "no_dissent_open",
    "dissent_raised_already",
    "appeal_needs_upheld_dissent",
}


@dataclasses.dataclass(frozen=True)
class Step:
    """`asks` labels the text that the step wants; empty for a bare button. `optional`: the text may stay empty.

    `takes_files`: what is written may be shown by pictures and papers. `key`: of the supervisors' desk, where one of
    `permissions` lets somebody take the step; everywhere the rule decides."""

    code: str
    label: object
    action: object
    rule: object
    done: object
    icon: str
    kind: str = "secondary"
    asks: object = ""
    hint: object = ""
    optional: bool = False
    takes_files: bool = False
    key: str = ""
    permissions: tuple = (SEE,)

    @property
    def slug(self):
        return self.code.replace("_", "-")

    def refusal(self, case, person):
        return refusal(self.rule, case, person)

    def is_permitted(self, person):
        return any(person.has_perm(permission) for permission in self.permissions)

    def take(self, case, *, by, at, data, files=None):
        """Run the action with what was posted. Returns the form: with errors, and `refused` if a rule said no."""
        form = StepForm(data, files, step=self)
        if form.is_valid():
            try:
                self.action(case=case, by=by, at=at, **form.cleaned_data)
            except Refused as refused:
                form.refuse(refused)
        return form


STEPS = {
    step.code: step
    for step in (
        Step(
            "acknowledge",
            pgettext_lazy("button", "Acknowledge"),
            actions.acknowledge,
            rules.may_acknowledge,
            _("Acknowledged. The time for your answer runs on."),
            "eye",
            key="a",
            permissions=(ANSWER,),
        ),
        Step(
            "instruct",
            pgettext_lazy("button", "Instruct"),
            actions.instruct,
            rules.may_instruct,
            _("The instruction is given. It cannot be changed any more."),
            "message-square-text",
            "primary",
            _("Instruction"),
            _("It is kept word for word and cannot be changed."),
            key="i",
            permissions=(ANSWER,),
        ),
        Step(
            "carry_out",
            pgettext_lazy("button", "Carried out"),
            actions.carry_out,
            rules.may_carry_out,
            _("Marked as carried out."),
            "check",
            "primary",
            _("How it was carried out"),
            _("What was done, when, and how it ended. No customer data."),
            takes_files=True,
        ),
        Step(
            "uphold",
            pgettext_lazy("button", "Uphold"),
            actions.uphold,
            rules.may_uphold,
            _("The instruction stands. Its reporter has been told."),
            "gavel",
            "primary",
            _("Why the instruction stands"),
            _("It is carried out first; then its reporter may take it to the level above."),
            key="u",
            permissions=(ANSWER,),
        ),
        Step(
            "accept_dissent",
            pgettext_lazy("button", "Instruct anew"),
            actions.accept_dissent,
            rules.may_accept_dissent,
            _("The dissent is accepted and the new instruction given."),
            "message-square-text",
            asks=_("New instruction"),
            hint=_("It accepts the dissent and takes the place of the earlier instruction, which stays on record."),
            key="d",
            permissions=(ANSWER,),
        ),
        Step(
            "dissent",
            pgettext_lazy("button", "Dissent"),
            actions.dissent,
            rules.may_dissent,
            _("Your dissent stands beside the instruction. Whoever gave it answers."),
            "message-square-warning",
            asks=_("What you disagree with, and what you would do instead"),
            hint=_("No customer data."),
        ),
        Step(
            "appeal",
            pgettext_lazy("button", "Take further up"),
            actions.appeal,
            rules.may_appeal,
            _("Taken to the level above."),
            "arrow-up",
            asks=_("Why it goes further up"),
        ),
        Step(
            "resubmit",
            pgettext_lazy("button", "Submit again"),
            actions.resubmit,
            rules.may_resubmit,
            _("Submitted again."),
            "send",
            "primary",
            _("What was missing"),
            _("It is added beside the case. No customer data."),
            takes_files=True,
        ),
        Step(
            "return_for_more",
            pgettext_lazy("button", "Ask for more"),
            actions.return_for_more,
            rules.may_return,
            _("Returned to its reporter."),
            "corner-down-left",
            asks=_("What is missing"),
            key="r",
            permissions=(ANSWER,),
        ),
        Step(
            "pass_up",
            pgettext_lazy("button", "Pass up"),
            actions.pass_up,
            rules.may_pass_up,
            _("Passed up to the next level."),
            "arrow-up",
            asks=_("Why it must go to the next level"),
            key="p",
            permissions=(ANSWER,),
        ),
        Step(
            "close",
            pgettext_lazy("button", "Close case"),
            actions.close,
            rules.may_close,
            _("Closed."),
            "check-check",
            asks=_("Closing remark"),
            optional=True,
            key="c",
            permissions=(ANSWER, OVERSEE),
        ),
        Step(
            "withdraw",
            pgettext_lazy("button", "Withdraw"),
            actions.withdraw,
            rules.may_withdraw,
            _("Withdrawn."),
            "undo-2",
            asks=_("Why you withdraw it"),
        ),
    )
}


@dataclasses.dataclass(frozen=True)
class Offer:
    """A step as a page draws it: open with its form, or locked with the reason."""

    step: Step
    form: StepForm
    refused: Refused | None
    url: str
    expanded: bool

    @property
    def kind(self):
        return "primary" if self.expanded else "secondary"


def offers(case, person, url_name, failed=None):
    """The steps to draw for this person now.

    url_name: of the addresses that take them, %s for the step. failed: the bound form of a refused step, kept open.
    """
    found = []
    for step in STEPS.values():
        refused = step.refusal(case, person)
        form = failed if failed is not None and failed.step is step else None
        if form is None and refused and refused.code in ELSEWHERE:
            continue
        url = reverse(url_name % step.code, args=[case.pk])
        expanded = form is not None or is_usual(step, case)
        found.append(Offer(step, form or StepForm(step=step), None if form else refused, url, expanded))
    return sorted(found, key=lambda offer: offer.step.kind == "primary" and not offer.expanded)


def is_usual(step, case):
    """What is mostly done next: it stands open. What is carried out is closed; to instruct anew is the exception."""
    if case.status == Case.Status.CARRIED_OUT:
        return step.code == "close"
    return step.kind == "primary"
