import datetime as dt

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from people.models import Team
from shifts.models import Rotation
from shifts.rotations import PRESETS

LAST_DAY = dt.date(2999, 12, 31)  # days are counted from it: the calendar's own last one has no day after


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
