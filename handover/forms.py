import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from handover.sections import Section, file_lines

LONGEST_TEXT = 2000


class WordsField(forms.CharField):
    """What a person writes, with line ends as one kind. Only invisible characters count as nothing."""

    widget = forms.Textarea

    def __init__(self, **options):
        super().__init__(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}), **options)

    def to_python(self, value):
        text = super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")
        visible = any(
            not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc") for character in text
        )
        return text if visible else ""


class EntryForm(forms.Form):
    """A new entry. Without a section every line has to name its own, as in `#设备 …`."""

    section = forms.ChoiceField(
        label=_("Section"),
        choices=Section.choices,
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("Choose one of the seven sections.")},
    )
    text = WordsField(
        label=_("Note"),
        error_messages={
            "required": _("Write what the next shift must know."),
            "max_length": _("At most %(limit_value)s characters: this has %(show_value)s. Make two notes of it."),
        },
    )

    def clean(self):
        data = super().clean()
        text, section = data.get("text"), data.get("section")
        if text and "section" in data:
            if section == "" and any(place is None for place, _words in file_lines(text, None)):
                self.add_error("section", _("Choose the section that this belongs to."))
            elif not file_lines(text, section or None):
                self.add_error("text", _("Write what the next shift must know."))
        return data


class EditForm(forms.Form):
    section = forms.ChoiceField(label=_("Section"), choices=Section.choices)
    text = WordsField(label=_("Note"), error_messages=EntryForm.base_fields["text"].error_messages)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SectionForm(forms.Form):
    section = forms.ChoiceField(choices=Section.choices)


class RemarkForm(forms.Form):
    remark = WordsField(
        label=_("What is missing"),
        error_messages={"required": _("Say what is missing, so that the other side can put it right.")},
    )


class AddendumForm(forms.Form):
    text = WordsField(label=_("Addition"), error_messages={"required": _("Write what is to be added.")})


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        queryset=None,
        label=_("Owner"),
        help_text=_("Who sees to it that this is finished. They are told."),
        error_messages={"required": _("Choose who is to follow this up.")},
    )

    def __init__(self, *args, owners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners
