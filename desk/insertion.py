"""Page between a form and itself: a Word document, an HTML file or rows of a table go, as Markdown, to the end of the form's text."""

import codecs
import csv
import re
from io import StringIO

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from desk import resubmission
from desk.pasting import own_hosts, said, too_much
from files.formats import Refused, inspect
from markup.pasting.child import convert
from markup.pasting.escapes import escaped
from markup.pasting.grids import MOST_CELLS, TooMuch
from publishing.roles import Can, can

FIELD = "body"
MOST_BYTES = 20_000_000
PATIENCE = 15  # seconds for a file, which nobody waits for as for a key
NOTE = re.compile(r"\[\^(\d{1,4})\]")
CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]{1,30})""", re.IGNORECASE)

# Python takes these for encodings of texts too; no page has one, and of the first a long text takes hours.
NO_CHARSETS = {"punycode", "idna", "undefined"}


def insert(request):
    """Ask for what to insert, then show what came of it with the button back. The form's fields are carried along; nothing is saved."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not can(request.user, Can.WRITE):
        raise PermissionDenied
    form_address = form_of(request.GET.get("to", ""))
    if not form_address:
        return HttpResponseRedirect(reverse("admin:index"))
    fields = {name: values for name, values in resubmission.fields_sent(request.POST).items() if not name.startswith("_")}
    lost = resubmission.lost_files(request) or [file.name for name, file in request.FILES.items() if name != "_file"]
    context = {"title": _("Insert a document or a table"), "to": form_address, "here": request.get_full_path(), "lost_files": lost}
    context["rows"] = request.POST.get("_rows", "")
    if "_take" in request.POST:
        try:
            markdown, context["told"] = taken(request, "".join(fields.get(FIELD, [""])))
        except ValidationError as error:
            context["problem"] = " ".join(error.messages)
        else:
            before = "".join(fields.get(FIELD, [""])).rstrip()
            fields[FIELD] = [f"{before}\n\n{markdown}" if before else markdown]
            context["markdown"] = markdown
    context["fields"] = [(name, value) for name, values in fields.items() for value in values]
    return TemplateResponse(request, "admin/desk/insert.html", admin.site.each_context(request) | context)


def form_of(address):
    """The address, if it is that of a form of the desk that opens with what it is sent; else nothing."""
    try:
        return address if getattr(resolve(address.partition("?")[0]).func, "refills", False) else ""
    except Resolver404:
        return ""


def taken(request, text):
    """(Markdown, sentences about what is missing) of the file or of the rows that were sent. Raises ValidationError."""
    if request.POST["_take"] == "rows":
        return rows_table(request.POST.get("_rows", "")), []
    file = request.FILES.get("_file")
    if file is None:
        raise ValidationError(_("Please choose a file."))
    options = {"hosts": own_hosts(request), "first_note": max([0, *map(int, NOTE.findall(text))]) + 1}
    try:
        found = convert(*readable(file), seconds=PATIENCE, **options)
    except TooMuch as error:
        raise ValidationError(too_much(str(error))) from error
    if not found.markdown:
        raise ValidationError(_("There are no words in this file."))
    return found.markdown, list(said(found))


def readable(file):
    """What `convert` takes of an uploaded file: its text or bytes, and its format. Raises ValidationError."""
    ending = file.name.rpartition(".")[2].lower()
    if ending not in {"docx", "html", "htm"}:
        raise ValidationError(_("This takes Word documents (.docx) and web pages (.html). Please save it as one of these."))
    if file.size > MOST_BYTES:
        raise ValidationError(_("This file is larger than 20 MB. Please divide it."))
    if ending == "docx":
        try:
            inspect(file, file.size, "docx")
        except Refused as refusal:
            raise ValidationError(_("“%(name)s” was not accepted: %(reason)s") % {"name": file.name, "reason": refusal}) from refusal
        file.seek(0)
        return file.read(), "docx"
    data = file.read()
    named = CHARSET.search(data[:2000])
    try:
        codec = codecs.lookup(named[1].decode() if named else "utf-8").name
        return data.decode("utf-8" if codec in NO_CHARSETS else codec), "html"
    except (LookupError, UnicodeError):
        return data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "cp1252", "replace"), "html"


def rows_table(text):
    """Table in Markdown of rows whose cells are parted by tabs or commas; the first row is the head. Raises ValidationError."""
    lines = text.strip("\r\n")
    try:
        rows = [row for row in csv.reader(StringIO(lines), delimiter="\t" if "\t" in lines else ",") if any(map(str.strip, row))]
    except csv.Error as error:
        raise ValidationError(_("These rows cannot be read (%s).") % error) from error
    width = max(map(len, rows), default=0)
    if not width:
        raise ValidationError(_("Please write rows: a line each, with commas or tabs between the cells."))
    if width * len(rows) > MOST_CELLS:
        raise ValidationError(too_much("cells"))
    cells = [[escaped(" ".join(cell.split()), True, "|") for cell in [*row, *[""] * (width - len(row))]] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([lines[0], f"|{'---|' * width}", *lines[1:]])
