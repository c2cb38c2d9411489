"""The form field for a stored file: what was uploaded is kept over a validation error elsewhere in the form."""

from dataclasses import dataclass

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from publishing import uploads
from publishing.files import StoredFile
from publishing.formats import FORMATS

SALT = "publishing.uploadforms"


@dataclass
class Choice:
    """What a form sent: a new upload, the token of a file kept from an earlier attempt, or the wish to have none."""

    upload: UploadedFile | None = None
    kept: StoredFile | None = None
    cleared: bool = False


def token(stored):
    return signing.dumps([stored.sha256, stored.size, stored.name], salt=SALT)


def from_token(text):
    """The StoredFile that a token names, or None. Signed, so that nobody attaches a file by guessing or knowing its hash."""
    try:
        return StoredFile(*signing.loads(text, salt=SALT))
    except signing.BadSignature:
        return None


class StoredFileInput(forms.FileInput):
    """A file chooser, the name and size of the file already chosen, and a box to take it away."""

    template_name = "publishing/stored_file_input.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        stored = value if isinstance(value, StoredFile) else None
        context["widget"] |= {
            "stored": stored,
            "token": token(stored) if stored else "",
            "kept_name": f"{name}-kept",
            "clear_name": f"{name}-clear",
            "accept": ",".join(f".{extension}" for extension in FORMATS),
        }
        return context

    def value_from_datadict(self, data, files, name):
        return Choice(files.get(name), from_token(data.get(f"{name}-kept", "")), bool(data.get(f"{name}-clear")))

    def value_omitted_from_data(self, data, files, name):
        return name not in files and f"{name}-kept" not in data and f"{name}-clear" not in data

    def use_required_attribute(self, initial):
        return super().use_required_attribute(initial) and not initial


class StoredFileFormField(forms.Field):
    widget = StoredFileInput
    default_error_messages = {"required": _("Please choose a file.")}

    def clean(self, value):
        stored = self.chosen(value)
        if stored is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return stored

    def chosen(self, choice):
        if not isinstance(choice, Choice):
            return choice or None
        if choice.upload is not None:
            # The upload is the same object each time the form looks at it, so it is checked and kept once.
            if not hasattr(choice.upload, "stored"):
                choice.upload.stored = uploads.accept(choice.upload, choice.upload.name)
            return choice.upload.stored
        return None if choice.cleared else choice.kept

    def bound_data(self, data, initial):
        """What the form shows again after an error: the file that was just kept, else the one kept before."""
        if not isinstance(data, Choice):
            return data
        return getattr(data.upload, "stored", None) or (None if data.cleared else data.kept)

    def has_changed(self, initial, data):
        return isinstance(data, Choice) and (data.upload is not None or (None if data.cleared else data.kept) != (initial or None))
