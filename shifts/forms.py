import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from people.models import Team
from shifts.models import Roster, Rotation, month_span
from shifts.rotations import PRESETS

MOST_DAYS = 186  # half a year: what a request makes while somebody waits
LAST_DAY = dt.date(2999, 12, 31)  # days are counted from it: the calendar's own last one has no day after


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


class MakeRotationForm(forms.Form):
    """A known rotation, the teams in their order, the first day. Places that the rotation has not are not read."""

    MOST_TEAMS = max(len(preset.phases) for preset in PRESETS.values())
    use_required_attribute = False  # a browser would insist on the places that are not read

    preset = forms.ChoiceField(label=_("Rotation"), widget=forms.RadioSelect)
    starts_on = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("On this day the first team begins with the day shift."),
        validators=[MaxValueValidator(LAST_DAY)],
    )

    def __init__(self, centre, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["preset"].choices = [(preset.code, preset.name) for preset in PRESETS.values()]
        for number in range(1, self.MOST_TEAMS + 1):
            self.fields[f"team_{number}"] = forms.ModelChoiceField(
                Team.objects.filter(centre=centre),
                label=_("Team no. %(number)s") % {"number": number},
                error_messages={"required": _("Choose a team.")},
            )
        self.place_names = [name for name in self.fields if name.startswith("team_")]
        self.order_fields(["preset", *self.place_names, "starts_on"])

    def clean(self):
        """`teams` of the cleaned data: as many as the rotation takes, in their order."""
        data = super().clean()
        preset = PRESETS.get(data.get("preset"))
        count = len(preset.phases) if preset else 0
        for name in self.place_names[count:]:
            self.errors.pop(name, None)
        data["teams"] = [data.get(name) for name in self.place_names[:count]]
        return data

    @property
    def rotation(self):
        """What the action makes of a valid form."""
        return {name: self.cleaned_data[name] for name in ("preset", "teams", "starts_on")}

    @property
    def places(self):
        return [self[name] for name in self.place_names]


def proposed_rotation(centre, today):
    """The first known rotation that the centre has not, its teams that have no place yet, the coming Monday."""
    made = set(Rotation.objects.filter(centre=centre).values_list("name_zh", flat=True))
    teams = Team.objects.filter(centre=centre, rotations=None)[: MakeRotationForm.MOST_TEAMS]
    return {
        "preset": next((preset.code for preset in PRESETS.values() if preset.name_zh not in made), None),
        "starts_on": today + dt.timedelta(days=-today.weekday() % 7),
        **{f"team_{number}": team for number, team in enumerate(teams, start=1)},
    }


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
