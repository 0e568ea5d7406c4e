from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ArrivalForm(forms.Form):
    time = forms.TimeField(
        label=_("Arrived at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), input_formats=["%H:%M"]
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class WordsForm(forms.Form):
    reason = forms.CharField(max_length=200, required=False)
    excuse = forms.CharField(max_length=200, required=False)
    remark = forms.CharField(max_length=200, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class CloseForm(forms.Form):
    """The remarks for the crew, and the leader's word that everybody was looked at. `before`: what they began from."""

    remarks = forms.CharField(
        label=pgettext_lazy("roll call", "Remarks for the crew"),
        max_length=2000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    before = forms.CharField(max_length=2000, required=False, strip=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label=_("Everybody’s dress, badge and grooming were looked at; the crew enters the room together"),
        required=False,
    )

    def clean(self):
        """A browser sends its lines' ends in its own way."""
        data = super().clean()
        return data | {name: data.get(name, "").replace("\r\n", "\n") for name in ("remarks", "before")}
