"""An area with a steward, a contributor, a reader, a former member; a stranger; a member of another area; an administrator in neither."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from areas import papers
from areas.models import Area, AreaMembership, AreaNotice, AreaRole
from files import private
from tests.areas.entering import entered
from tests.desk_client import PASSWORD, administrator


@pytest.fixture(autouse=True)
def private_folder(tmp_path, settings):
    settings.PRIVATE_ROOT = tmp_path / "private"
    return private.root()


def account(name):
    return User.objects.create_user(name, email=f"{name}@example.org", password=PASSWORD)


def paper_of(area, by, text=b"The draft.", **facts):
    upload = ContentFile(text, name="draft.txt")
    return papers.add_version(area, by, upload, **({"title": "Draft", "folder": "Drafts"} | facts))


@pytest.fixture
def place(db):
    """The area and its people; `at("members/")` is an address in it, `enter("reader")` a browser of somebody who has logged in there."""
    area = Area.objects.create(name="Area Alpha", whose="Methodologies Panel", asks_second_factor=False)
    other = Area.objects.create(name="Area Beta", whose="Party B", asks_second_factor=False)
    people = {name: account(name) for name in ("steward", "contributor", "reader", "former", "stranger", "elsewhere")}
    people["administrator"] = administrator()
    for role in (AreaRole.STEWARD, AreaRole.CONTRIBUTOR, AreaRole.READER):
        AreaMembership.objects.create(area=area, account=people[role], role=role)
    ended = {"ended_at": timezone.now(), "ended_by": "steward", "ended_why": "left"}
    AreaMembership.objects.create(area=area, account=people["former"], **ended)
    AreaMembership.objects.create(area=other, account=people["elsewhere"], role=AreaRole.STEWARD)
    version = paper_of(area, people["steward"], comments_until=timezone.now() + timezone.timedelta(days=1))
    remark = papers.comment(version, people["contributor"], "para 1", "A remark.")
    notice = AreaNotice.objects.create(area=area, title="Notice", text="Text.", due=timezone.now(), by="steward")
    return SimpleNamespace(
        area=area,
        other=other,
        people=people,
        version=version,
        paper=version.file,
        remark=remark,
        notice=notice,
        at=lambda rest="": f"/extranets/areas/{area.key}/{rest}",
        enter=lambda name: entered(people[name]),
    )
