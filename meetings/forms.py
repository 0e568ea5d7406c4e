from django import forms
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from meetings.models import AgendaPoint

DATE = {"type": "date"}


class MoveForm(forms.Form):
    on = forms.DateField(label=_("New date"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class MinutesForm(forms.ModelForm):
    nothing = forms.BooleanField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = AgendaPoint
        fields = ["minutes"]
        widgets = {"minutes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        self.auto_id = f"point-{self.instance.pk}-%s"

    def _post_clean(self):
        """What was typed is checked by the rules, against the row as it is then: the instance stays as it was read."""


class DecisionForm(forms.Form):
    text = forms.CharField(
        label=_("Decision"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2, "id": "decision-text"})
    )


class ActionItemForm(forms.Form):
    text = forms.CharField(label=_("What is to be done"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    owner = forms.CharField(
        label=_("Owner’s employee number"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    due_on = forms.DateField(label=_("Due"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))


class GuestForm(forms.Form):
    number = forms.CharField(
        label=_("Employee number"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)


def move_form(meeting, flag, data=None):
    """Proposes the working day before a holiday, else the meeting's own date."""
    on = flag.proposed_on if flag and flag.proposed_on else meeting.held_on
    time = meeting.starts_at.astimezone(meeting.centre.tz).time()
    return MoveForm(data, initial={"on": on, "time": time}, prefix="move")


def year_of(data, centre, at):
    form = YearForm(data)
    return form.cleaned_data["year"] if form.is_valid() else clock.local_date(centre, at).year
