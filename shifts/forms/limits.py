from django import forms
from django.utils.translation import gettext_lazy as _

from shifts.limits import SYSTEMS
from shifts.models import Demand, Limit, ShiftType
from shifts.rules.settings import MOST_HEADS


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class DatedForm(forms.Form):
    from_on = forms.DateField(
        label=_("In force from"), widget=DayInput, help_text=_("Today or later: nothing changes backwards.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "from_on"), "from_on"])


class LimitForm(DatedForm):
    """What a check does, and its number where it has one."""

    effect = forms.ChoiceField(
        label=_("What the check does"),
        choices=Limit.Effect.choices,
        widget=forms.RadioSelect,
        help_text=_("What refuses stops publishing, changes and swaps. A warning asks for a reason on publishing."),
    )
    value = forms.IntegerField(label=_("Limit"))

    def __init__(self, *args, check, **kwargs):
        super().__init__(*args, **kwargs)
        if check.value is None:
            del self.fields["value"]
        else:
            facts = {"least": check.least, "most": check.most, "unit": check.unit}
            self.fields["value"].help_text = _("%(least)s to %(most)s %(unit)s") % facts
            self.fields["value"].widget.attrs |= {"inputmode": "numeric", "min": check.least, "max": check.most}


class SystemForm(DatedForm):
    system = forms.ChoiceField(
        label=_("Working-time system"),
        choices=[(system.code, system.label) for system in SYSTEMS.values()],
        widget=forms.RadioSelect,
    )


class DemandForm(DatedForm):
    type = forms.ModelChoiceField(ShiftType.objects.none(), label=_("Shift type"), empty_label=None)
    day = forms.ChoiceField(label=_("Days"), choices=Demand.Day.choices)
    heads = forms.IntegerField(
        label=_("How many people"), min_value=0, max_value=MOST_HEADS, help_text=_("Besides the leader.")
    )

    def __init__(self, centre, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["type"].queryset = ShiftType.objects.filter(centre=centre).select_related("centre")
