from django import forms
from django.utils.translation import gettext_lazy as _


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("Excel file"), help_text=_("A roster downloaded here and changed, or one laid out in the same way.")
    )
