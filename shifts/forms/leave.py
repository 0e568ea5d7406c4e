from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shifts.models import Leave

LONGEST_WORDS = 200


def day_field(label, **options):
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class AskLeaveForm(forms.Form):
    """Whole days away. `number`, of somebody absent, is there only for those who may record leave for others."""

    number = forms.CharField(
        label=_("Employee number"),
        max_length=12,
        required=False,
        help_text=_("Of somebody absent; empty for your own leave."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=pgettext_lazy("leave", "Kind"), choices=Leave.Kind.choices)
    from_on = day_field(_("First day"))
    until_on = day_field(_("Last day"), help_text=_("A night shift belongs to the day on which it begins."))
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, for_others, **kwargs):
        super().__init__(*args, **kwargs)
        if not for_others:
            del self.fields["number"]


class RemarkForm(forms.Form):
    """What is said with a decision; it may stay empty."""

    remark = forms.CharField(
        label=_("Remark"), max_length=LONGEST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
