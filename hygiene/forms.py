import re

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hygiene.models import Plant
from people.models import Person


class HelpersForm(forms.Form):
    """Who helps: those who work that day, by a tick; others by their employee numbers."""

    helpers = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Working that day"), required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label=_("Others, by employee number"),
        required=False,
        max_length=200,
        help_text=_("Several with blanks between them."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, candidates, named=(), **kwargs):
        here = {person.pk for person in candidates}
        others = [person.employee_number for person in named if person.pk not in here]
        initial = {"helpers": [person.pk for person in named], "numbers": " ".join(others)}
        super().__init__(*args, initial=initial, **kwargs)
        field = self.fields["helpers"]
        field.queryset = Person.objects.filter(pk__in=here)
        # The people are loaded already: the widget need not ask again, nor once for each tick.
        field.choices = [(person.pk, f"{person.name} {person.employee_number}") for person in candidates]

    def clean_numbers(self):
        return [number for number in re.split(r"[\s,，、]+", self.cleaned_data["numbers"]) if number]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class SkipForm(ReasonForm):
    plant = forms.ModelChoiceField(Plant.objects.none(), label=_("Plant"))

    field_order = ["plant", "reason"]

    def __init__(self, *args, plants, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plant"].queryset = plants


class FinishForm(forms.Form):
    note = forms.CharField(label=pgettext_lazy("clean", "Note"), max_length=300, required=False)
