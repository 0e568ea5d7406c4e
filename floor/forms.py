from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from floor.models import LONGEST, LeaveOfPost

LONGEST_WORDS = 200


def words_field(label, **options):
    rows = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=LONGEST_WORDS, required=False, widget=rows, **options)


def minutes_field(label, **options):
    number = forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": LONGEST})
    return forms.IntegerField(label=label, widget=number, **options)


class AskForm(forms.Form):
    """Why, and for how long; without minutes for the limit."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("leave of post", "Why"), choices=LeaveOfPost.Reason.choices, widget=forms.RadioSelect
    )
    minutes = minutes_field(pgettext_lazy("leave of post", "Minutes"), required=False)
    words = words_field(
        _("In words"),
        help_text=_(
            "For “other”, or for longer than the limit. Only you and your leaders read it; nothing of customers."
        ),
    )


class MoreForm(forms.Form):
    minutes = minutes_field(_("Minutes more"), initial=5)


class ApproveForm(forms.Form):
    override = words_field(_("Why one more than the limit may be out"), help_text=_("It stays on the record."))


class RefuseForm(forms.Form):
    remark = words_field(_("Remark"))


class TicksForm(forms.Form):
    """The items that are ticked; which of them there are, the action knows."""

    ticked = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ticked"].choices = [(item.pk, item.text) for item in items]
