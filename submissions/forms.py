"""Form of a submission, as anybody sees it."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models import Accepts, NameRule
from submissions import parties, throttle
from submissions.models import Consent, Sender

MOST_CHARACTERS = 50_000


class PlainField(forms.CharField):
    """A line or a text, in NFC, with line feeds alone. It bears no `maxlength`: browsers would cut off in silence what is pasted."""

    def to_python(self, value):
        value = unicodedata.normalize("NFC", super().to_python(value).replace("\r\n", "\n"))
        if "\n" in value and not isinstance(self.widget, forms.Textarea):
            raise ValidationError(_("Please write this in one line."))
        return value

    def widget_attrs(self, widget):
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class SenderEmailField(PlainField):
    default_error_messages = {"required": gettext_lazy("Please give your email address: the link that confirms the submission goes there.")}

    def clean(self, value):
        value = super().clean(value)
        forms.EmailField(max_length=254).clean(value)
        return value


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, _data, files, name):
        return files.getlist(name)


class SeveralFilesField(forms.Field):
    """Files that are chosen; submissions/uploads.py checks and keeps them."""

    widget = SeveralFilesInput


class SubmissionForm(forms.Form):
    """`topics` are those that may be answered now; `is_asked` adds the plain question of busy networks."""

    required_css_class = "required"

    topic = forms.ChoiceField(label=gettext_lazy("Topic"), error_messages={"required": gettext_lazy("Please choose the topic.")})
    text = PlainField(
        label=gettext_lazy("Your submission"),
        widget=forms.Textarea(attrs={"rows": 14}),
        required=False,
        help_text=gettext_lazy("Up to 50,000 characters, without formatting."),
    )
    files = SeveralFilesField(
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy("Up to five, as PDF, DOCX, ODT or TXT; each up to 20 MB, all together up to 50 MB."),
    )
    sender = forms.ChoiceField(
        label=gettext_lazy("You submit this"),
        choices=Sender,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please say for whom you submit this.")},
    )
    name = PlainField(label=gettext_lazy("Your name"), max_length=200, error_messages={"required": gettext_lazy("Please give your name.")})
    organisation = PlainField(label=gettext_lazy("Organisation"), max_length=200, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    email = SenderEmailField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("Never published. You get a link there by which you confirm the submission."),
    )
    consent = forms.ChoiceField(
        label=gettext_lazy("Publication"),
        choices=Consent,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose whether and how it may be published.")},
    )
    answer = PlainField(
        max_length=100, error_messages={"required": gettext_lazy("Please answer this question: many forms come from your network.")}
    )

    def __init__(self, call, topics, is_asked, *args, **kwargs):
        self.call = call
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", _("Please choose")), *((topic.key, topic.title) for topic in topics)]
        self.fields["country"].choices = [("", _("Not stated")), *parties.names().items()]
        for name, value in {"name": "name", "organisation": "organization", "country": "country", "email": "email"}.items():
            self.fields[name].widget.attrs["autocomplete"] = value
        self.fields["email"].widget.attrs |= {"inputmode": "email", "spellcheck": "false"}
        self.fields["files"].widget.attrs["accept"] = ".pdf,.docx,.odt,.txt"
        self.fields["answer"].label = self.question[0]
        if call.names == NameRule.SHOWN:
            self.fields["consent"].choices = [choice for choice in Consent.choices if choice[0] != Consent.NAMELESS]
        left_out = {
            "topic": call.parsed_topics,
            "text": call.accepts != Accepts.FILE,
            "files": call.accepts != Accepts.TEXT,
            "answer": is_asked,
        }
        for name, is_there in left_out.items():
            if not is_there:
                del self.fields[name]

    @cached_property
    def question(self):
        return throttle.question()

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > MOST_CHARACTERS:
            said = _("This is %(over)d characters too long: %(length)d of at most %(most)d. Please shorten it, or send it as a file.")
            raise ValidationError(said % {"over": len(text) - MOST_CHARACTERS, "length": len(text), "most": MOST_CHARACTERS})
        return text

    def clean_answer(self):
        answer = self.cleaned_data["answer"]
        if throttle.folded(answer) not in self.question[1]:
            raise ValidationError(_("That is not the answer. Please try again, or send your submission by mail."))
        return answer

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("sender") == Sender.ORGANISATION and not cleaned.get("organisation"):
            self.add_error("organisation", _("Please give the name of the organisation."))
        return cleaned

    def check_content(self, files):
        """After the files were taken: whether there is anything to read."""
        if self.call.accepts == Accepts.FILE and not files and not self.has_error("files"):
            self.add_error("files", _("Please choose a file: this call takes files alone."))
        elif self.call.accepts == Accepts.TEXT and not self.cleaned_data.get("text") and not self.has_error("text"):
            self.add_error("text", _("Please write your submission."))
        elif not files and not self.cleaned_data.get("text") and not self.has_error("text") and not self.has_error("files"):
            self.add_error("text", _("Please write your submission, or choose a file."))
