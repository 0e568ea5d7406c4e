from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handover.checklists import MOST_ITEMS
from handover.desk_rules import MOST
from people.models import Person
from shifts.models import Desk

REASON = {"required": _("Say why the desk is left without relief: it stays on the record.")}


class TickForm(forms.Form):
    """A remark on what is not in order at a desk; which items those are, the step itself looks up."""

    remark = forms.CharField(label=pgettext_lazy("relief", "remark"), max_length=MOST, required=False)

    @property
    def faults(self):
        return [int(said) for said in self.data.getlist("faults")[:MOST_ITEMS] if said.isascii() and said.isdigit()]


class ReleaseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=MOST, error_messages=REASON)


class SubstituteForm(forms.Form):
    """Somebody of `candidates`, a QuerySet of those without a desk; or any agent of the centre, by employee number."""

    person = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        label=_("Who takes over"),
        required=False,
        empty_label="–",
        error_messages={"invalid_choice": _("Choose again.")},
    )
    number = forms.CharField(
        label=_("Or somebody else, by employee number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, candidates, centre, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = candidates
        self.centre = centre

    def clean(self):
        data = super().clean()
        if number := data.pop("number", "").strip():
            data["person"] = Person.objects.active().filter(centre=self.centre, employee_number=number).first()
            if data["person"] is None:
                self.add_error("number", _("Nobody here has this employee number."))
        elif not data.get("person") and not self.errors:
            self.add_error("person", _("Choose somebody without a desk."))
        return data


class GiveForm(SubstituteForm):
    desk = forms.ModelChoiceField(
        queryset=Desk.objects.none(),
        label=_("Desk"),
        empty_label=None,
        error_messages={"required": _("Choose a desk.")},
    )
    field_order = ["desk", "person", "number"]

    def __init__(self, *args, desks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["desk"].queryset = desks
