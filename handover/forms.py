import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from callcentre.attachments import FilesField
from handover.equipment import Equipment
from handover.models import LONGEST_PHRASE
from handover.sections import Section, file_lines
from shifts.models import Desk

LONGEST_TEXT = 2000
LONGEST_CODE = 10


class WordsField(forms.CharField):
    """What a person writes, with line ends as one kind. Only invisible characters count as nothing."""

    widget = forms.Textarea

    def __init__(self, *, rows=3, **options):
        super().__init__(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": rows}), **options)

    def to_python(self, value):
        text = super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")
        visible = any(
            not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc") for character in text
        )
        return text if visible else ""


class DeskField(forms.CharField):
    """A desk of the form's centre by its number, however it was typed."""

    def __init__(self, **options):
        super().__init__(max_length=LONGEST_CODE, required=False, **options)
        self.centre = None

    def clean(self, value):
        code = unicodedata.normalize("NFKC", super().clean(value)).upper().strip()
        if not code:
            return None
        desk = Desk.objects.filter(room__centre=self.centre, code=code).order_by("pk").first()
        if desk is None:
            raise forms.ValidationError(_("There is no desk of this number."))
        return desk


class DetailsForm(forms.Form):
    """What stands beside a note's text."""

    answer_given = WordsField(label=_("Answer given"), rows=2, required=False)
    needs_analysis = forms.BooleanField(label=_("For the weekly meeting to analyse"), required=False)
    desk = DeskField(label=_("Desk"))
    equipment = forms.ChoiceField(
        label=_("Equipment"), choices=[("", _("as the text says")), *Equipment.choices], required=False
    )

    def __init__(self, *args, centre, **options):
        super().__init__(*args, **options)
        self.fields["desk"].centre = centre


class EntryForm(DetailsForm):
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
    files = FilesField(required=False)

    field_order = ["section", "text"]

    def clean(self):
        data = super().clean()
        text, section = data.get("text"), data.get("section")
        if text and "section" in data:
            if section == "" and any(place is None for place, _words in file_lines(text, None)):
                self.add_error("section", _("Choose the section that this belongs to."))
            elif not file_lines(text, section or None):
                self.add_error("text", _("Write what the next shift must know."))
        return data

    @property
    def problems(self):
        """The sentences of the fields beside the text, for a form that is drawn by hand."""
        return [error for name in ("answer_given", "desk", "equipment", "files") for error in self.errors.get(name, ())]


class EditForm(DetailsForm):
    section = forms.ChoiceField(label=_("Section"), choices=Section.choices)
    text = WordsField(label=_("Note"), error_messages=EntryForm.base_fields["text"].error_messages)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    field_order = ["section", "text", "answer_given", "needs_analysis", "desk", "equipment"]

    def __init__(self, *args, entry, **options):
        said = {**entry.said, "desk": entry.desk.code if entry.desk else "", "version": entry.version}
        super().__init__(*args, centre=entry.centre_id, initial=said, **options)
        self.fields["equipment"].choices = [("", _("none")), *Equipment.choices]
        unused = ["equipment"] if entry.is_question else ["answer_given", "needs_analysis"]
        for name in unused:
            del self.fields[name]


class FilesForm(forms.Form):
    files = FilesField()


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


class PhraseForm(forms.Form):
    section = forms.ChoiceField(label=_("Section"), choices=Section.choices)
    text = forms.CharField(
        label=_("Text"), max_length=LONGEST_PHRASE, error_messages={"required": _("Write the text.")}
    )


class SearchForm(forms.Form):
    """What is looked for, in the address."""

    q = forms.CharField(label=_("Words"), max_length=50, required=False)
    section = forms.ChoiceField(label=_("Section"), choices=[("", _("all")), *Section.choices], required=False)
    desk = DeskField(label=_("Desk"))
    equipment = forms.ChoiceField(label=_("Equipment"), choices=[("", _("all")), *Equipment.choices], required=False)
    person = forms.CharField(
        label=_("Person"), max_length=50, required=False, help_text=_("A name or an employee number.")
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, centre, **options):
        super().__init__(*args, auto_id="search_%s", **options)
        self.fields["desk"].centre = centre
