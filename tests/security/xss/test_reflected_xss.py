"""What visitors type comes back inert, wherever it is repeated; read in a real browser as stored text is."""

from urllib.parse import quote

import pytest

from tests.security.xss.payloads import FAMILIES
from tests.security.xss.things import Planter

pytestmark = pytest.mark.once  # how text is escaped does not depend on the database that it comes from
# A search takes 128 characters, so some payloads go into each question; an address may be longer.
TYPED, IN_PATH = 110, 400
TYPED_IN = """
/search/?q={} /search/?q=x&kind={} /search/?q=x&section={}&year={} /search/?q={}&format=json /search/?q={}&format=atom
/quickfinder/?q={} /quickfinder/suggestions/?q={} /quickfinder/suggestions/?q={}&format=opensearch
/documents/?words={} /documents/?class={}&year={}&body={} /documents/?words={}&format=json
/projects/?q={} /projects/?host={}&scope={}&facets=all /programmes/?validation_from={}&ref={} /projects/?verifier={}&format=atom
""".split()
PATHS = """
/{}/ /{} /about/{} /@{}/about/ /@2010-03-10/{}/ /news/topics/{}/ /glossary/{}/ /documents/{}/ /documents/x-ordinary-0/1/{}
/at/?date={}&path=/{} /news/?page={} /news/{}/03/ /admin/login/?next={} /shared/{}/ /nothing/?{}={}
""".split()


def groups(payloads, most):
    """The payloads in order, in groups of at most so many characters."""
    group = []
    for payload in payloads:
        if group and len(" ".join([*group, payload])) > most:
            yield group
            group = []
        group.append(payload)
    yield group


def asked(payloads):
    for patterns, most in ((TYPED_IN, TYPED), (PATHS, IN_PATH)):
        for group in groups(payloads, most):
            for turn, pattern in enumerate(patterns):
                first = turn % len(group)  # each payload is the first of its group in some question
                yield pattern.replace("{}", quote(" ".join(group[first:] + group[:first]), safe=""))


@pytest.mark.parametrize("family", FAMILIES)
def test_payloads_of_visitors_never_run(reader, family):
    Planter("ordinary").plant(["An ordinary word"])
    for address in asked(FAMILIES[family]):
        reader.look_at(address)
    reader.flush()
    assert reader.read["text/html"] > 30
    assert not reader.found, "\n".join(reader.found[:40])
