from dateutil.rrule import rrulestr
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import TEXTS
from duties import recurrence
from duties.clause_rules import CLAUSE_RULES
from duties.models import DutyRule
from rulebook.register import CLAUSES


class DayForm(forms.Form):
    on = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class WaiveForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It stays on the record."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DutyRuleForm(forms.ModelForm):
    """A centre's own rule. A clause's own rule is not edited here: its dates are parameters."""

    class Meta:
        model = DutyRule
        fields = (
            "code",
            "name_zh",
            "name_en",
            "clause",
            "recurrence",
            "who",
            "opens",
            "window_minutes",
            "closes",
            "on_holiday",
            "needs_verification",
            "from_on",
            "until_on",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "recurrence" not in self.fields:  # shown to read only
            return
        self.fields["recurrence"].required = True
        clauses = [(clause.id, clause.number) for clause in CLAUSES.values()]
        self.fields["clause"].widget = forms.Select(choices=[("", "—"), *clauses])

    def clean_code(self):
        code = self.cleaned_data["code"]
        if code in CLAUSE_RULES:
            raise ValidationError(str(TEXTS["duty_rule_of_clause"]))
        return code

    def clean_recurrence(self):
        text = self.cleaned_data["recurrence"].strip().upper().removeprefix("RRULE:")
        try:
            rule = rrulestr(text, dtstart=recurrence.midnight(recurrence.BEGINNING))
        except (ValueError, TypeError, AttributeError, KeyError) as wrong:
            raise ValidationError(
                _("This is no recurrence rule. Write one such as FREQ=WEEKLY;BYDAY=WE or FREQ=MONTHLY;BYMONTHDAY=1.")
            ) from wrong
        if getattr(rule, "_freq", 0) > 3 or "\n" in text:  # 3: daily; hourly and finer rules have no dates
            raise ValidationError(_("A duty falls on days: use FREQ=DAILY, WEEKLY, MONTHLY or YEARLY."))
        return text
