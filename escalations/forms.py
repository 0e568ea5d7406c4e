import uuid

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre.attachments import FilesField
from escalations import sources
from escalations.models import Category, Kind, LevelKind

LONGEST = 4000


class Urgency:
    BY_CATEGORY, NORMAL, URGENT = "", "normal", "urgent"
    CHOICES = [
        (BY_CATEGORY, pgettext_lazy("urgency", "as its category")),
        (NORMAL, pgettext_lazy("urgency", "normal")),
        (URGENT, pgettext_lazy("urgency", "urgent")),
    ]
    MEANING = {BY_CATEGORY: None, NORMAL: False, URGENT: True}


class FormWithFiles(forms.Form):
    @property
    def files_to_choose_again(self):
        return bool(self.errors and self.files and self.files.getlist("files"))

    def refuse(self, refused):
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class CaseForm(FormWithFiles):
    """A new request or report, or its draft. What is missing is refused by the rules when it is submitted."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    category = forms.ChoiceField(
        label=_("Category"),
        choices=Category.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a category.")},
    )
    what_happened = forms.CharField(
        label=_("What happened"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Where, what, since when. No name, number or address of a customer."),
    )
    proposed_handling = forms.CharField(
        label=_("Proposed handling"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you would do. Your superior decides."),
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("case", "Kind"),
        choices=[
            (Kind.REQUEST, _("Request: I need an instruction")),
            (Kind.REPORT, _("Report: my superior must know")),
        ],
        widget=forms.RadioSelect,
        initial=Kind.REQUEST,
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=Urgency.CHOICES,
        widget=forms.RadioSelect,
        required=False,
        initial="",
        help_text=_("By its category a danger is urgent. What is urgent is due sooner."),
    )
    happened_at = forms.DateTimeField(
        label=_("When it happened"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": _("Give the time when it happened.")},
    )

    goes_to = forms.ChoiceField(
        label=_("Goes to"),
        choices=[
            ("", _("the nearest level above me")),
            (LevelKind.DIRECTOR, _("at once to the department director")),
            (LevelKind.CENTRE_DIRECTOR, _("at once to the centre director")),
        ],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )
    skip_reason = forms.CharField(
        label=_("Why it cannot wait for the level between"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who is skipped is owed a follow-up report by you. No customer data."),
    )
    files = FilesField(required=False)
    source = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_source(self):
        """What is not one of ours, or not theirs to see, is nothing that somebody typed: it is left out."""
        return self.cleaned_data["source"] if self.raised_from else ""

    @cached_property
    def raised_from(self):
        return sources.of(self["source"].value() or "", self.person)

    @property
    def skips(self):
        """Whether the part about skipping is to be open."""
        return bool(self["goes_to"].value() or self["skip_reason"].value())

    @property
    def categories(self):
        """Each choice with its clause."""
        return [(radio, Category(radio.data["value"]).clause) for radio in self["category"]]

    @property
    def texts(self):
        return [self["what_happened"], self["proposed_handling"]]

    @property
    def choices(self):
        return [self["kind"], self["urgency"]]

    def fields_of_case(self):
        values = dict(self.cleaned_data)
        values["urgent"] = Urgency.MEANING[values.pop("urgency")]
        return values


def draft_values(case):
    """What an unsubmitted case says, for the form that continues it."""
    return {
        "form_key": case.form_key,
        "category": case.category,
        "what_happened": case.what_happened,
        "proposed_handling": case.proposed_handling,
        "kind": case.kind,
        "urgency": Urgency.URGENT if case.urgent else Urgency.NORMAL,
        "happened_at": case.happened_at,
        "goes_to": case.goes_to,
        "skip_reason": case.skip_reason,
        "source": case.source,
    }


class StepForm(FormWithFiles):
    """The one text of a step. That it is missing is the rule's to say, so that page, admin and action say the same."""

    text = forms.CharField(max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, auto_id=f"id_{step.code}_%s", **kwargs)
        self.step = step
        self.refused = None
        if step.takes_files:
            self.fields["files"] = FilesField(required=False)
        self.fields["text"].label = step.asks
        self.fields["text"].help_text = step.hint
        if not step.optional:
            self.fields["text"].widget.attrs["aria-required"] = "true"

    def refuse(self, refused):
        self.refused = refused
        super().refuse(refused)


class FollowUpForm(forms.Form):
    """The report that a skipped superior is owed. That it is missing is the rule's to say."""

    text = forms.CharField(
        label=_("Follow-up report"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "aria-required": "true"}),
        help_text=_("What happened, why it could not wait, and how it was handled. No customer data."),
    )
