from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused
from callcentre.words import pick
from rulebook import rules, values
from rulebook.models import ChecklistItem, ParameterValue
from rulebook.register import CLAUSES, PARAMETERS, WEEKDAYS


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **options):
        super().__init__(format="%Y-%m-%d", **options)


class ParameterForm(forms.Form):
    """A new value of one parameter, from a date on. The action judges both; here they are only read."""

    value = forms.CharField(label=_("New value"), max_length=60)
    from_on = forms.DateField(
        label=_("In force from"), widget=DateInput, help_text=_("Today or later: nothing changes backwards.")
    )

    def __init__(self, *args, spec, **kwargs):
        super().__init__(*args, **kwargs)
        self.spec = spec
        if spec.type == "weekday":
            days = [(day, values.show(spec, day)) for day in WEEKDAYS]
            self.fields["value"].widget = forms.Select(choices=days)
        elif spec.type == "int":
            self.fields["value"].widget.attrs["inputmode"] = "numeric"
        self.fields["value"].help_text = values.hint(spec)

    def clean_value(self):
        return values.read(self.spec, self.cleaned_data["value"])


class SwitchForm(forms.Form):
    from_on = forms.DateField(label=_("From"), widget=DateInput)


class ExcuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It stays on the record. Write no customer's data."),
    )


def parameter_choices():
    """Every parameter with its unit, range and clause, for the admin's list."""
    for spec in PARAMETERS.values():
        said = [spec.label, spec.unit, values.show_range(spec), CLAUSES[spec.clause].number]
        yield spec.name, " · ".join(part for part in said if part)


class AdminParameterForm(forms.ModelForm):
    """The same in the admin: the action's own rule judges it here first, so that errors show at their fields.

    `request_by`, `request_at`: who asks and when, set by the admin for each request.
    """

    name = forms.ChoiceField(label=_("parameter"), choices=parameter_choices)
    value = forms.CharField(
        label=_("value"),
        max_length=60,
        help_text=_(
            "Unit and range are beside the parameter. For a day write Monday, for several numbers 30, 60, 240."
        ),
    )

    class Meta:
        model = ParameterValue
        fields = ("name", "value", "from_on")

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        spec = PARAMETERS[data["name"]]
        person, centre = self.request_by, self.request_by.centre
        taken = ParameterValue.objects.taken(centre, spec.name, data["from_on"])
        try:
            data["value"] = spec.stored(
                rules.may_set_parameter(
                    spec,
                    values.read(spec, data["value"]),
                    data["from_on"],
                    person=person,
                    centre=centre,
                    at=self.request_at,
                    taken=taken,
                )
            )
        except Refused as refused:
            self.add_error(refused.field, str(refused))
        return data


def clause_choices():
    return [(clause.id, f"{clause.number} {clause.text[:8]}") for clause in CLAUSES.values()]


class ClauseNumbers(forms.Widget):
    """The clauses of an item that is there: to be read only."""

    def render(self, name, value, attrs=None, renderer=None):
        return escape(pick("、", ", ").join(CLAUSES[pk].number for pk in value if pk in CLAUSES))


class ChecklistItemForm(forms.ModelForm):
    """A new item has words and clauses; one that is there can only be switched off or on."""

    clauses = forms.MultipleChoiceField(
        label=_("clauses"), choices=clause_choices, widget=forms.SelectMultiple({"size": 6})
    )

    class Meta:
        model = ChecklistItem
        fields = ("text_zh", "text_en", "clauses", "active")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            for name in ("text_zh", "text_en", "clauses"):
                self.fields[name].disabled = True
            self.fields["clauses"].widget = ClauseNumbers()
