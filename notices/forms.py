import datetime as dt
import re

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre import clock
from callcentre.attachments import FilesField
from notices.models import Notice
from notices.models.notices import PUBLISHERS
from people.models import Role, Team
from shifts.models import ShiftType

LONGEST = 8000
USUAL_DAYS = 14
FORMAT_HINT = _(
    "A blank line begins a paragraph; “- ” or “1. ” at its beginning makes a line part of a list; **bold**."
)
NO_CUSTOMER = _("No name, number or address of a customer.")


def moment_field(label, **options):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **options)


class RefusableForm(forms.Form):
    """Shows a refusal beside its field, and keeps it."""

    refused = None

    def refuse(self, refused):
        self.refused = refused
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class TextForm(RefusableForm):
    """What a notice says. version: the number that the writer had before their eyes when they changed it."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)
    title = forms.CharField(label=pgettext_lazy("notice", "Title"), max_length=100, help_text=NO_CUSTOMER)
    body = forms.CharField(
        label=pgettext_lazy("notice", "Text"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=FORMAT_HINT,
    )

    def clean_body(self):
        return self.cleaned_data["body"].replace("\r\n", "\n")


class NoticeForm(TextForm):
    """A draft. A leader's is for their own team, and has no audience to choose."""

    seen_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=pgettext_lazy("notice", "Kind"),
        choices=[choice for choice in Notice.Kind.choices if choice[0] != Notice.Kind.ANSWER],
        widget=forms.RadioSelect,
    )
    audience = forms.ChoiceField(label=_("For whom"), choices=Notice.Audience.choices, widget=forms.RadioSelect)
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    shift_types = forms.ModelMultipleChoiceField(
        ShiftType.objects.none(), label=_("Shifts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    must_confirm = forms.BooleanField(
        label=_("Must be confirmed"),
        required=False,
        help_text=_("Whoever it is for takes no desk before they have read and confirmed it."),
    )
    in_force_from = moment_field(pgettext_lazy("notice", "In force from"))
    in_force_until = moment_field(pgettext_lazy("notice", "In force until"), required=False)

    field_order = ["kind", "title", "body", "audience", "teams", "roles", "shift_types", "must_confirm"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["teams"].queryset = Team.objects.visible_to(by)
        self.fields["shift_types"].queryset = ShiftType.objects.visible_to(by)
        if not by.has_role(*PUBLISHERS):
            for name in ("audience", "teams", "roles", "shift_types"):
                del self.fields[name]

    def fields_of_notice(self):
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "seen_at")}
        if "audience" not in values:
            values |= {"audience": Notice.Audience.TEAMS, "teams": [self.by.team_id] if self.by.team_id else []}
        return values

    @property
    def members(self):
        """The fields of which one shows, by the audience."""
        return [self[name] for name in ("teams", "roles", "shift_types") if name in self.fields]


def usual_values(centre, at):
    """What a new notice begins with: in force at once, for a fortnight."""
    last = clock.local_date(centre, at) + dt.timedelta(days=USUAL_DAYS)
    return {
        "kind": Notice.Kind.BUSINESS,
        "audience": Notice.Audience.ALL,
        "in_force_from": at,
        "in_force_until": clock.midnight(centre, last),
    }


def values_of(notice):
    """What a draft says, for the form that continues it."""
    addressees = list(notice.addressees.all())
    return {
        **{name: getattr(notice, name) for name in ("kind", "title", "body", "audience", "must_confirm", "version")},
        "in_force_from": notice.in_force_from,
        "in_force_until": notice.in_force_until,
        "seen_at": notice.written_at.isoformat(),
        "teams": [row.team_id for row in addressees if row.team_id],
        "roles": [row.role for row in addressees if row.role],
        "shift_types": [row.shift_type_id for row in addressees if row.shift_type_id],
    }


class FilesForm(RefusableForm):
    files = FilesField()


class WithdrawForm(RefusableForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False, help_text=NO_CUSTOMER)


class AnswerForm(RefusableForm):
    """edit: the number of the change that the writer had before their eyes."""

    edit = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)
    question = forms.CharField(
        label=_("Question"), max_length=100, help_text=_("As a caller would put it. No name, number or address.")
    )
    text = forms.CharField(
        label=_("Agreed answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8}), help_text=FORMAT_HINT
    )
    keywords = forms.CharField(
        label=_("Keywords"),
        max_length=200,
        required=False,
        help_text=_("Other words that callers use, with blanks between."),
    )

    def clean_text(self):
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def texts(self):
        return {name: self.cleaned_data[name] for name in ("question", "text", "keywords")}

    @staticmethod
    def values_of(answer):
        return {name: getattr(answer, name) for name in ("edit", "question", "text", "keywords")}


class SynonymsForm(RefusableForm):
    """One group on one line. Each line of the page has a form of its own: their fields are told apart by the group."""

    words = forms.CharField(
        label=_("Words that mean the same"), max_length=200, help_text=_("At least two, with blanks between.")
    )
    edit = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args, group=None, **kwargs):
        initial = {"words": str(group), "edit": group.edit} if group else {}
        super().__init__(*args, initial=initial, auto_id=f"id_{group.pk if group else 'new'}_%s", **kwargs)

    def clean_words(self):
        return [word for word in re.split(r"[\s,，、;；]+", self.cleaned_data["words"]) if word]
