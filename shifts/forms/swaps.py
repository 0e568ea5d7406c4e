from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shifts.forms.leave import LONGEST_WORDS


class OfferForm(forms.Form):
    """The second half of an offer: what is asked in return. The shift and whom it goes to are in the address."""

    takes = forms.ChoiceField(label=_("In return"), required=False, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, offer, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer = offer
        if offer.taker:
            nothing = [("", pgettext_lazy("in return", "Nothing"))] if offer.may_be_for_nothing else []
            self.fields["takes"].choices = nothing + [(str(row.pk), f"{row} {row.times}") for row in offer.returns]
            self.fields["takes"].required = not nothing
            self.fields["takes"].initial = self.fields["takes"].choices[0][0]
        else:
            del self.fields["takes"]

    def cleaned_takes(self):
        """The Shift in return, or None."""
        wanted = self.cleaned_data.get("takes")
        return next((shift for shift in self.offer.returns if str(shift.pk) == wanted), None) if wanted else None
