from allauth.account import forms as accounts
from django import forms
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import refusal
from people.importing import clean_code, clean_text, is_printable
from people.rules import check_close_account


class LoginForm(accounts.LoginForm):
    """Login by employee number. Paste and password managers work: no tricks on the fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Employee number")
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs.pop("placeholder", None)


class ChangePasswordForm(accounts.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Excel or CSV file"), help_text=_("The first row names the columns, as in the template.")
    )


class PersonForm(forms.ModelForm):
    """A person in the administration, its texts cleaned as the staff import cleans them."""

    def clean_employee_number(self):
        return clean_code(self.cleaned_data["employee_number"]).upper()

    def clean_phone(self):
        return clean_code(self.cleaned_data["phone"])

    def clean_email(self):
        return clean_code(self.cleaned_data["email"])

    def clean_name(self):
        name = clean_text(self.cleaned_data["name"])
        if not name or not is_printable(name):
            raise forms.ValidationError(_("There are characters here that cannot be printed. Type the text again."))
        return name

    def clean_is_active(self):
        employed = self.cleaned_data["is_active"]
        if not employed and (refused := refusal(check_close_account, self.by, self.instance)):
            raise forms.ValidationError(str(refused))
        return employed
