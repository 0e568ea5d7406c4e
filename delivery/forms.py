from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused
from delivery import topics
from delivery.models import Channel, MailChoice
from delivery.rules import check_address
from people.admin import OwnCentreForm
from people.importing import clean_code
from people.models import Role


def quiet_field(label):
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


def check_quiet(form):
    """Both times of the quiet hours, or neither."""
    times = form.cleaned_data.get("quiet_from"), form.cleaned_data.get("quiet_until")
    if (times[0] is None) != (times[1] is None) and not form.errors:
        missing = "quiet_until" if times[0] else "quiet_from"
        form.add_error(missing, _("Give both times of the quiet hours, or neither."))


class SettingsForm(forms.Form):
    """What reaches a person besides the bell."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("An e-mail says only what it is about, with a link. Leave it empty for none."),
    )
    topics = forms.MultipleChoiceField(
        label=_("By e-mail"), choices=topics.CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    quiet_from = quiet_field(_("Quiet from"))
    quiet_until = quiet_field(_("Quiet until"))

    @classmethod
    def of(cls, person, data=None):
        choice = MailChoice.objects.filter(person=person).first()
        initial = {"email": person.email, "topics": choice.topics if choice else topics.MAILED}
        if choice:
            initial |= {"quiet_from": choice.quiet_from, "quiet_until": choice.quiet_until}
        form = cls(data, initial=initial)
        form.fields["quiet_until"].help_text = _("E-mails of these hours come at their end; urgent ones at once.")
        return form

    def clean_email(self):
        return clean_code(self.cleaned_data["email"])

    def clean(self):
        check_quiet(self)
        return self.cleaned_data


class ChannelForm(OwnCentreForm):
    """A channel in the administration. Its address and secret are written here and never shown again."""

    new_address = forms.CharField(
        label=_("webhook address"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    new_secret = forms.CharField(
        label=_("signing secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
    )
    topics = forms.MultipleChoiceField(label=_("hears of"), choices=topics.CHOICES, widget=forms.CheckboxSelectMultiple)
    roles = forms.MultipleChoiceField(
        label=_("messages to these roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A group hears of what goes to somebody of these teams or roles; without any, of everything."),
    )
    quiet_from = quiet_field(_("quiet from"))
    quiet_until = quiet_field(_("quiet until"))
    KEPT = {"new_address": "address", "new_secret": "secret"}

    class Meta:
        model = Channel
        fields = (
            "kind", "name", "language", "topics", "only_urgent", "teams", "roles", "quiet_from", "quiet_until",
            "is_enabled",
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(field.label)  # as the admin does with those that it makes itself
        for name, kept in self.KEPT.items():
            if name in self.fields and getattr(self.instance, kept):
                self.fields[name].help_text = _("One is kept and is not shown. Leave this empty to keep it.")

    @property
    def changed_fields(self):
        return [self.KEPT.get(name, name) for name in self.changed_data]

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"address", "secret", "kind"}

    def clean(self):
        kind = self.cleaned_data.get("kind") or self.instance.kind
        address = (self.cleaned_data.get("new_address") or "").strip()
        if address:
            self.check(kind, address)
            self.instance.address = address
        if secret := (self.cleaned_data.get("new_secret") or "").strip():
            self.instance.secret = secret
        check_quiet(self)
        return super().clean()

    def check(self, kind, address):
        try:
            check_address(kind, address, settings.ROBOT_HOSTS)
        except Refused as refused:
            self.add_error("new_address", str(refused))
