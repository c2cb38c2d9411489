"""What the lists of the shipped site cost after a publication of any kind."""

import pytest

from pages.models import Notice
from publishing import kinds
from publishing.ledger import publish
from tests.shipped import shipped

__all__ = ["shipped"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
LISTS = """
/news/ /news/2010/ /news/2010/03/ /news/topics/ /news/topics/board/ /news/feed/atom/ /news/topics/board/feed/json/ /@2010-03-10/news/
/newsletters/ /newsletters/feed/rss/ /audio/ /audio/feed/podcast/
/documents/ /documents/?class=decision /documents/?format=json /documents/index.md /@2010-03-10/documents/
/executive-board/ /@2012-06-01/executive-board/ /executive-board/calendar.ics /executive-board/feed/atom/ /panels/
/projects/ /projects/?host=BR /@2010-03-10/programmes/ /projects/?facets=all /projects/?format=atom /projects/index.md
""".split()


@pytest.mark.parametrize("path", LISTS)
def test_list_costs_at_most_six_queries_after_any_publication(client, django_assert_max_num_queries, path):
    for kind in kinds.every():
        client.get(path)
        client.get("/@2009-01-01/")
        publish([kind.draft.objects.first() or Notice.objects.create(title="Tonight")])
        with django_assert_max_num_queries(6):
            assert client.get(path).status_code == 200
