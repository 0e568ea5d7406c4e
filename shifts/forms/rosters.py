import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shifts.models import Roster, Rotation, month_span

MOST_DAYS = 186  # half a year: what a request makes while somebody waits


class MakeRosterForm(forms.Form):
    """A period of a rotation. The days proposed are the next ones that no roster covers."""

    rotation = forms.ModelChoiceField(Rotation.objects.none(), label=_("Rotation"), empty_label=None)
    from_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At most half a year at once."),
    )

    def __init__(self, centre, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rotation"].queryset = Rotation.objects.filter(centre=centre)

    def clean(self):
        data = super().clean()
        first, last = data.get("from_on"), data.get("until_on")
        if first and last and (last - first).days >= MOST_DAYS:
            self.add_error("until_on", ValidationError(_("That is more than half a year. Choose an earlier last day.")))
        return data


class PublishForm(forms.Form):
    """What a publication asks for: a reason where warnings are left."""

    reason = forms.CharField(
        label=_("Why it is published with these warnings"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def proposed_period(centre, today):
    """{from_on, until_on}: from the day after the last published one to the end of a month, at least a week."""
    last = (
        Roster.objects.published()
        .filter(centre=centre)
        .order_by("-until_on")
        .values_list("until_on", flat=True)
        .first()
    )
    first = max(last + dt.timedelta(days=1), today) if last else today
    week = first + dt.timedelta(days=6)
    return {"from_on": first, "until_on": month_span(week.year, week.month)[1]}
