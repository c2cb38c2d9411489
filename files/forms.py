"""Form field for a stored file: an upload survives a validation error elsewhere in the form."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from files import metadata, uploads
from files.formats import FORMATS
from files.store import StoredFile

SEAL = Signer(salt="publishing.uploadforms")  # signs what is out already, so it keeps the module's former name


@dataclass(frozen=True)
class SealedFile:
    """A stored file as a form holds it; its text is what a hidden field sends back."""

    stored: StoredFile

    def __str__(self):
        return SEAL.sign_object([self.stored.sha256, self.stored.size, self.stored.name])

    @property
    def carried(self):
        """What the picture carries besides itself, in words."""
        return metadata.in_words(metadata.found_if_there(self.stored))

    @property
    def taken_out(self):
        return metadata.in_words(self.stored.taken_out)


def unsealed(texts):
    """The StoredFile that one of the texts names, or None. Signed, so that nobody attaches a file by guessing or knowing its hash."""
    for text in texts:
        try:
            return StoredFile(*SEAL.unsign_object(text))
        except BadSignature:
            continue
    return None


@dataclass
class FileChoice:
    """Choice that a form sent: a new upload, the file of an earlier attempt, or none."""

    upload: UploadedFile | None = None
    kept: StoredFile | None = None
    cleared: bool = False
    cleaned: bool = False

    @property
    def stored(self):
        """The file chosen, None while it is not in the store."""
        return getattr(self.upload, "stored", None) or (None if self.cleared else self.kept)


class StoredFileInput(forms.FileInput):
    """A file chooser, the file already chosen in a hidden field of the same name, and a box to take it away."""

    template_name = "publishing/stored_file_input.html"
    endings = tuple(FORMATS)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        context["widget"] |= {
            "kept": value if isinstance(value, SealedFile) else None,
            "clear_name": f"{name}-clear",
            "clean_name": f"{name}-clean",
            "accept": ",".join(f".{extension}" for extension in self.endings),
        }
        return context

    def value_from_datadict(self, data, files, name):
        # Scripts that send a form as text send something for the empty file chooser too, under the same name.
        texts = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        boxes = (bool(data.get(f"{name}-{box}")) for box in ("clear", "clean"))
        return FileChoice(files.get(name), unsealed(map(str, texts)), *boxes)

    def value_omitted_from_data(self, data, files, name):
        return name not in files and name not in data and f"{name}-clear" not in data

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
        if not isinstance(choice, FileChoice):
            return choice or None
        # The upload is the same object each time the form looks at it, so it is checked and stored once.
        if choice.upload is not None and not hasattr(choice.upload, "stored"):
            choice.upload.stored = uploads.accept(choice.upload, choice.upload.name)
        if choice.cleaned and choice.kept is not None:
            choice.kept, choice.cleaned = uploads.accept_again(choice.kept), False
        return choice.stored

    def bound_data(self, data, initial):
        return data

    def prepare_value(self, value):
        stored = value.stored if isinstance(value, FileChoice) else value
        return SealedFile(stored) if stored else None

    def has_changed(self, initial, data):
        return isinstance(data, FileChoice) and (data.upload is not None or data.stored != (initial or None))
