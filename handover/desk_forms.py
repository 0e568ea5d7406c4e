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
    """`candidates`: a QuerySet of the people among whom the leader chooses."""

    person = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        label=_("Who takes over"),
        empty_label=None,
        error_messages={"required": _("Choose somebody without a desk."), "invalid_choice": _("Choose again.")},
    )

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = candidates


class GiveForm(SubstituteForm):
    desk = forms.ModelChoiceField(
        queryset=Desk.objects.none(),
        label=_("Desk"),
        empty_label=None,
        error_messages={"required": _("Choose a desk.")},
    )
    field_order = ["desk", "person"]

    def __init__(self, *args, desks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["desk"].queryset = desks
