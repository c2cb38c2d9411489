"""What tests of the desk share: people with roles, and the forms that they send."""

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from publishing.models import SectionGrant
from publishing.roles import ADMINISTRATOR, AUTHOR, PUBLISHER

PASSWORD = "a long enough password"
HOST = {"host": "localhost"}


def person(name, role="", sections=(), kind=""):
    user = User.objects.create_user(name, password=PASSWORD, is_staff=bool(role))
    if role:
        user.groups.add(Group.objects.get(name=role))
    for section in sections:
        SectionGrant.objects.create(user=user, section_id=section.pk)
    if kind:
        SectionGrant.objects.create(user=user, kind=kind)
    return user


def author(name="anna", *sections, **options):
    return person(name, AUTHOR, sections, **options)


def publisher(name="paul"):
    return person(name, PUBLISHER)


def administrator(name="ada"):
    return person(name, ADMINISTRATOR)


def browser_of(user=None):
    """A test client on the portal's own host, logged in as the user."""
    client = Client(headers=HOST)
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(view, draft=None, *arguments, kind="page"):
    """The address of a desk view of a draft, or of its kind."""
    return reverse(f"admin:pages_{kind}_{view}", args=[draft.pk, *arguments] if draft else arguments)


def typed(page, **changes):
    """What the form of a page sends if the named fields are changed and nothing else."""
    fields = {
        "version": page.version,
        "working_copy": "",
        "title": page.title,
        "menu_title": page.menu_title,
        "summary": page.summary,
        "body": page.body,
        "parent": page.parent_id or "",
        "slug": page.slug,
        "menu_below": page.menu_below_id or "",
    }
    return fields | ({"in_menu": "on"} if page.in_menu else {}) | changes


def said(response):
    """The messages on the page that an answer is or leads to."""
    return [str(message) for message in response.context["messages"]]
