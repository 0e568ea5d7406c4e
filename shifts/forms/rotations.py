import datetime as dt
import re
import unicodedata

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from people.models import Team
from shifts.models import Rotation
from shifts.rotations import PRESETS, REST
from shifts.rules.rotations import LONGEST_CYCLE

LAST_DAY = dt.date(2999, 12, 31)  # days are counted from it: the calendar's own last one has no day after

REST_SIGN = "-"
RESTS = {REST_SIGN, "–", "—", "休"}


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


class CycleField(forms.CharField):
    """A cycle as people write it: codes with blanks between them, a hyphen for a rest day."""

    def prepare_value(self, value):
        return " ".join(code or REST_SIGN for code in value) if isinstance(value, list | tuple) else value

    def to_python(self, value):
        plain = unicodedata.normalize("NFKC", super().to_python(value)).strip()
        words = re.split(r"[\s,、]+", plain)
        return [REST if word in RESTS else word.upper() for word in words if word]


class OwnRotationForm(forms.Form):
    """A cycle of any length for any number of teams. A team without a day of the cycle has no place in it."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=50)
    name_en = forms.CharField(label=_("Name in English"), max_length=50, required=False)
    cycle = CycleField(
        label=_("Cycle"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("Shift-type codes with blanks between them, a hyphen for each rest day: N N D D M M - -"),
    )
    starts_on = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day on which each team stands where its number says."),
        validators=[MaxValueValidator(LAST_DAY)],
    )
    # Where the preview begins: a cycle that has run for years is looked at from its next open day.
    shown_from = forms.DateField(required=False, widget=forms.HiddenInput, validators=[MaxValueValidator(LAST_DAY)])

    def __init__(self, centre, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.teams = list(Team.objects.filter(centre=centre))
        for team in self.teams:
            number = forms.IntegerField(label=team.name, required=False, min_value=1, max_value=LONGEST_CYCLE)
            number.widget.attrs["inputmode"] = "numeric"
            self.fields[f"team_{team.pk}"] = number

    @property
    def plan(self):
        """What the actions make of a valid form."""
        names = ("name_zh", "name_en", "cycle", "starts_on")
        return {**{name: self.cleaned_data[name] for name in names}, "places": self.course["places"]}

    @property
    def course(self):
        """What a preview needs, or None where that is not all there yet."""
        data = self.cleaned_data
        if not data.get("cycle") or not data.get("starts_on"):
            return None
        numbers = [(team, data.get(f"team_{team.pk}")) for team in self.teams]
        places = [(team, number - 1) for team, number in numbers if number]
        shown_from = max(data["starts_on"], data.get("shown_from") or data["starts_on"])
        return {"cycle": data["cycle"], "starts_on": data["starts_on"], "places": places, "shown_from": shown_from}

    @property
    def places(self):
        return [self[f"team_{team.pk}"] for team in self.teams]


def as_written(rotation, shown_from):
    """The form's initial values for a rotation as it is."""
    names = ("name_zh", "name_en", "cycle", "starts_on")
    numbers = {f"team_{place.team_id}": place.phase + 1 for place in rotation.places.all()}
    return {**{name: getattr(rotation, name) for name in names}, **numbers, "shown_from": shown_from}


def proposed_rotation(centre, today):
    """The first known rotation that the centre has not, its teams that have no place yet, the coming Monday."""
    made = set(Rotation.objects.filter(centre=centre).values_list("name_zh", flat=True))
    teams = Team.objects.filter(centre=centre, rotations=None)[: MakeRotationForm.MOST_TEAMS]
    return {
        "preset": next((preset.code for preset in PRESETS.values() if preset.name_zh not in made), None),
        "starts_on": today + dt.timedelta(days=-today.weekday() % 7),
        **{f"team_{number}": team for number, team in enumerate(teams, start=1)},
    }
