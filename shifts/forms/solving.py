from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shifts.models import Run, Wish

IMPORTANT, PLAIN = 3, 1  # wish points


class GenerateForm(forms.Form):
    """How long to search, and what to weigh."""

    seconds = forms.TypedChoiceField(
        label=_("Search for"),
        coerce=int,
        choices=[(10, _("10 seconds")), (30, _("30 seconds")), (60, _("60 seconds"))],
        widget=forms.RadioSelect,
        initial=30,
        help_text=_("The draft stays as it is meanwhile, and you may leave the page."),
    )
    wishes = forms.TypedChoiceField(label=_("Wishes"), coerce=int, choices=Run.Weight.choices, initial=Run.Weight.SOME)
    fairness = forms.TypedChoiceField(
        label=_("Fair shares of nights, weekends and hours"),
        coerce=int,
        choices=Run.Weight.choices,
        initial=Run.Weight.SOME,
    )
    keep = forms.TypedChoiceField(
        label=_("Keeping to the draft"), coerce=int, choices=Run.Weight.choices, initial=Run.Weight.SOME
    )


class WishForm(forms.Form):
    """One tap on a day: off, to work, or one of the shift types."""

    on = forms.DateField()
    wish = forms.CharField(max_length=10)
    important = forms.BooleanField(required=False, label=pgettext_lazy("wish", "important"))

    def __init__(self, types, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.types = {found.code: found for found in types}

    def clean_wish(self):
        """What `make_wish` takes: {kind, type}."""
        wish = self.cleaned_data["wish"]
        if wish in Wish.Kind.values:
            return {"kind": wish, "type": None}
        if wish not in self.types:
            raise forms.ValidationError(_("That is no wish this page offers. Load it again."))
        return {"kind": Wish.Kind.ON, "type": self.types[wish]}

    @property
    def chosen(self):
        data = self.cleaned_data
        return {"on": data["on"], "weight": IMPORTANT if data["important"] else PLAIN, **data["wish"]}
