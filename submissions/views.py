"""Public pages of submissions: the form, the receipt, confirmation and withdrawal. They set no cookie and read none, and nobody keeps them.

A form sent by another site is told apart by what browsers say of themselves (`Sec-Fetch-Site`, `Origin`), instead of by a cookie: that
would take the rest of the visit out of the page cache. The pages behind a secret address need not even that. No address changes anything
when it is opened: mail scanners open them too.
"""

from functools import wraps
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from calls.lists import calls
from calls.models import Audience
from calls.states import CallState, state_of
from desk.numbers import row_numbers
from desk.share_links import unlisted
from publishing import clock
from publishing.parameters import query_parameters
from submissions import decisions, receiving, throttle, tickets, timing, uploads
from submissions.forms import SenderEmailField, SubmissionForm
from submissions.models import Standing, Submission
from submissions.timing import Timeliness

HONEYPOT = "reference"
OWN_SITE = {"same-origin", "none"}


def private(view):
    """View of now alone, for GET, HEAD and POST, whose answers nobody keeps; it needs no cookie against forged forms."""

    def answered(request, *args, **kwargs):
        if not request.moment.is_now:
            raise Http404
        answer = view(request, *args, **kwargs)
        policy = answer.get("Referrer-Policy")
        unlisted(answer)
        if policy:
            answer["Referrer-Policy"] = policy
        return answer

    return csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(wraps(view)(answered)))


def is_foreign(request):
    """Whether another site had the form sent, as far as the browser says."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in OWN_SITE
    origin = request.headers.get("Origin")
    own = {f"{request.scheme}://{request.get_host()}", settings.SITE_ADDRESS}
    return origin is not None and origin not in own and urlsplit(origin).netloc != request.get_host()


def call_at(slug, moment):
    """The live call of an address that has the form. Raises Http404."""
    for call in calls(moment).live:
        if call.slug == slug and timing.has_form(call) and call.audience == Audience.PUBLIC:
            return call
    raise Http404


@private
def submit(request, slug):
    """The form of a call; what is sent becomes a submission, or comes back with every word."""
    call = call_at(slug, request.moment)
    if request.method == "POST":
        request.upload_handlers = [uploads.FormUploadHandler(request)]
        sending = FormSending(request, call)
        answer = sending.answer()
    else:
        now = clock.now()
        personal = tickets.read(request.GET.get(tickets.PERSONAL, ""), call.thing_id, now)
        if personal and (former := receiving.found(personal)):
            return to_receipt(former)
        answer = form_page(request, call, personal.renewed(now) if personal else tickets.issue(call.thing_id, now), now)
    answer["Referrer-Policy"] = "same-origin"  # of a page that names none, browsers send `Origin: null`
    return answer


def form_page(request, call, ticket, at, form=None, status=200, problem="", is_asked=False):
    topics = timing.topics_for(call, ticket, at)
    if form is None and timing.shows_form(call, ticket, at):
        form = SubmissionForm(call, topics, is_asked)
    context = {"call": call, "form": form, "ticket": ticket, "problem": problem, "kept": uploads.kept_files(ticket) if form else []}
    context |= {"state": state_of(call, at), "honeypot": HONEYPOT, "is_upcoming": state_of(call, at) == CallState.UPCOMING}
    context |= {"is_late": bool(form) and state_of(call, at) != CallState.OPEN, "closing": call.shown_last_closing}
    context["errors"] = (
        [(form[name], error) for name, errors in form.errors.items() if name in form.fields for error in errors] if form else []
    )
    return render(request, "submissions/submit.html", context, status=status)


class FormSending:
    """One form that was sent. `received` is the instant at which it was read to its end."""

    def __init__(self, request, call):
        self.request, self.call = request, call
        self.data, self.files = request.POST, request.FILES
        self.received = clock.now()
        self.ticket = tickets.read(self.data.get("ticket", ""), call.thing_id, self.received)
        self.traffic = throttle.Traffic(request)

    def answer(self):
        if self.ticket and (former := receiving.found(self.ticket)):
            return to_receipt(former)
        problem, status = self.problem()
        if problem:
            answer = self.back(problem, status)
            if status in {429, 503}:
                answer["Retry-After"] = str(throttle.RETRY_SECONDS)
            return answer
        return self.received_form()

    def problem(self):
        """(sentence, status) of what stands against the form whatever is in it; two empty ones if nothing does."""
        ticket, received = self.ticket, self.received
        if is_foreign(self.request):
            return _("This form was sent from another site. Please look at it once more and send it from here."), 403
        if self.traffic.is_too_much:
            return _("Very many forms came from your network within the hour. Nothing is lost: please send this again in 15 minutes."), 429
        if ticket is None:
            self.ticket = tickets.issue(self.call.thing_id, received)
            return _("This form could not be recognised. Nothing that you wrote is lost: please send it once more."), 422
        if ticket.is_old(received):
            self.ticket = ticket.renewed(received)
            return _("This form had been open for more than two days. Please look at it once more and send it again."), 422
        if ticket.is_young(received):
            return _("That was faster than people type. Please wait a few seconds and send it again."), 422
        return "", 0

    def form(self, *sent):
        topics = timing.topics_for(self.call, self.ticket, self.received)
        return SubmissionForm(self.call, topics, self.traffic.is_asked, *sent)

    def back(self, problem, status, form=None):
        """The form with all that was typed."""
        self.traffic.note(was_accepted=False)
        form = form or self.form_with_files(status)
        return form_page(self.request, self.call, self.ticket, self.received, form, status, problem, self.traffic.is_asked)

    def form_with_files(self, status):
        """The form as it was sent. Its files are kept as well, unless nothing more is to be done for who sent it: then they are named."""
        form = self.form(self.data, self.files)
        form.is_valid()
        sent = self.files.getlist("files") if "files" in form.fields else []
        if sent and (status != 422 or not self.took_files(form)):
            form.add_error("files", _("Please choose these files again: %s") % ", ".join(file.name for file in sent))
        return form

    def received_form(self):
        form = self.form(self.data, self.files)
        form.is_valid()
        topic = next((topic for topic in self.call.parsed_topics if topic.key == form.cleaned_data.get("topic")), None)
        timeliness = timing.timeliness(self.call, topic, self.ticket, self.received)
        if timeliness == Timeliness.REFUSED:
            return self.back(self.closed(), 422, form)
        if not self.took_files(form):
            said = _("Several people are sending files at this moment. Nothing that you wrote is lost: please send it again in a minute.")
            return self.back(said, 503, form)
        form.check_content(uploads.kept_files(self.ticket))
        if not form.is_valid():
            return self.back("", 422, form)
        honeypot = self.data.get(HONEYPOT, "").strip()
        submission, is_new = receiving.receive(self.call, self.ticket, form.cleaned_data, timeliness, self.received, honeypot)
        if is_new:
            self.traffic.note(was_accepted=True)
        return to_receipt(submission)

    def took_files(self, form):
        """Whether the files could be looked at; those that are good are kept, of the others the form says what is wrong."""
        uploads.leave_out(self.ticket, row_numbers(self.data.getlist("leave_out")))
        sent = self.files.getlist("files") if "files" in form.fields else []
        if not sent:
            return True
        if not throttle.examining.take():
            return False
        try:
            for problem in uploads.take(self.ticket, sent):
                form.add_error("files", problem)
        finally:
            throttle.examining.give_back()
        return True

    def closed(self):
        if state_of(self.call, self.received) == CallState.UPCOMING:
            return _("This call has not opened yet.")
        return _("This call has closed, so nothing was sent. What you wrote is still here: copy it, if you want to send it in another way.")


def to_receipt(submission):
    secret = tickets.page_secret_of(submission)
    if secret is None:
        raise Http404
    answer = HttpResponseRedirect(reverse("submissions:receipt", args=[secret]))
    answer.status_code = 303
    return answer


def by_secret(field, secret):
    """The submission of a secret address and its call now, which may be gone. Raises Http404."""
    submission = decisions.by_secret(field, secret)
    if submission is None:
        raise Http404
    return submission


def call_of(submission, moment):
    return next((call for call in calls(moment).all if call.thing_id == submission.call_id), None)


class MendingForm(forms.Form):
    required_css_class = "required"

    email = SenderEmailField(label="")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email address")
        self.fields["email"].widget.attrs |= {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}


@query_parameters("sent")
@private
def receipt(request, secret):
    """Private page of a submission: its receipt, its state, and the address mended as long as it is not confirmed."""
    submission = by_secret("page_hash", secret)
    call = call_of(submission, request.moment)
    is_unconfirmed = submission.standing == Standing.UNCONFIRMED
    form = MendingForm(request.POST or None) if is_unconfirmed and submission.mended < receiving.MOST_MENDED else None
    said, status = "", 200
    if request.method == "POST" and is_unconfirmed and call:
        try:
            said, status = sent_again(request, submission, call, form)
        except decisions.AlreadyDecided:  # in another window, a moment ago: the page says what holds now
            return HttpResponseRedirect(request.path)
        if not status:
            return HttpResponseRedirect(f"{request.path}?sent=1")
    context = {"submission": submission, "call": call, "form": form, "left": receiving.MOST_MENDED - submission.mended, "said": said}
    context |= {"is_unconfirmed": is_unconfirmed, "is_waiting": submission.standing in decisions.WAITING, "was_sent": "sent" in request.GET}
    context["number"] = submission.public_number if submission.standing == Standing.PUBLISHED else None
    return render(request, "submissions/receipt.html", context, status=status)


def sent_again(request, submission, call, form):
    """(sentence, status) where no mail goes out; (empty, 0) where one does."""
    email = None
    if "again" not in request.POST:
        if form is None or not form.is_valid():
            return "", 422
        email = form.cleaned_data["email"]
    if not receiving.ask_again(submission, call.title, clock.now(), email):
        return _("Three mails went to this address within a day. Please come back tomorrow for another one."), 429
    return "", 0


@private
def confirm(request, secret):
    """Page behind the link of the mail; its button confirms."""
    submission = by_secret("confirm_hash", secret)
    if request.method == "POST":
        try:
            submission = decisions.confirm(submission.pk, clock.now())
        except decisions.AlreadyDecided:
            submission = Submission.objects.get(pk=submission.pk)
    context = {"submission": submission, "call": call_of(submission, request.moment), "is_sent": request.method == "POST"}
    context["is_unconfirmed"] = submission.standing == Standing.UNCONFIRMED and submission.confirm_until > clock.now()
    return render(request, "submissions/confirm.html", context)


@private
def withdraw(request, secret):
    """Page behind the other link of the mail: what became of the submission; its button withdraws it."""
    submission = by_secret("manage_hash", secret)
    told = None
    if request.method == "POST":
        try:
            decisions.withdraw(submission.pk)
        except decisions.AlreadyDecided as refused:
            told = refused.messages[0]
        submission = Submission.objects.get(pk=submission.pk)
    call = call_of(submission, request.moment)
    is_open = submission.standing in decisions.WITHDRAWABLE
    context = {"submission": submission, "call": call, "told": told, "is_open": is_open, "is_sent": request.method == "POST"}
    return render(request, "submissions/withdraw.html", context)
