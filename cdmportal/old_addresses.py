"""Addresses of the CDM site of the UNFCCC, led on to what stands here instead; asked only where nothing of the portal has the address.

Written without regard to capitals, with or without `index.html`, at any moment. Each leads to a path of our own, never off the site.
"""

import re
from urllib.parse import quote, unquote

from django.http import HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from publishing import kinds
from publishing.addresses import address_of
from publishing.parameters import query_parameters
from registry.addresses import ACTIVITY, activity_path, anchor_of
from registry.models import ActivityRow, IssuanceRow
from registry.moments import registry_at
from registry.sample import sample

PROJECTS, PROGRAMMES, DOCUMENTS = "/projects/", "/programmes/", "/documents/"
# In their order: the first that matches the path, in small letters and without `index.html` at its end, leads on.
TABLE = [
    (r"projects/registered", PROJECTS + "?status=Registered"),
    (r"projects/(?:rejected|withdrawn|terminated)", PROJECTS + "?status=Withdrawn"),
    (r"projects/(?:deregistered|dereg)", PROJECTS + "?status=De-registered"),
    (r"projects/validation", PROJECTS + "?status=Validated"),
    (r"projects(?:/(?:projsearch|search))?", PROJECTS),
    (r"programmeofactivities/registered", PROGRAMMES + "?status=Registered"),
    (r"programmeofactivities/(?:rejected|withdrawn)", PROGRAMMES + "?status=Withdrawn"),
    (r"programmeofactivities/deregistered", PROGRAMMES + "?status=De-registered"),
    (r"programmeofactivities/validation", PROGRAMMES + "?status=Validated"),
    (r"programmeofactivities(?:/.*)?", PROGRAMMES),
    (r"issuance(?:/.*)?", "/issuance/"),
    (r"methodologies/pamethodologies/tools.*", DOCUMENTS + "?class=tool"),
    (r"methodologies/pamethodologies(?:/.*)?", "/methodologies/?family=large"),
    (r"methodologies/ssc(?:methodologies|methods)?(?:/.*)?", "/methodologies/?family=small"),
    (r"methodologies/ar(?:methodologies|methods)?(?:/.*)?", "/methodologies/?family=forest"),
    (r"methodologies(?:/.*)?", "/methodologies/"),
    (r"doe(?:/.*)?", "/doe/"),
    (r"dna(?:/.*)?", "/dna/"),
    (r"(?:sunsetcms/)?statistics(?:/.*)?", "/statistics/"),
    (r"registry(?:/.*)?", "/registry/"),
    (r"eb/0*([1-9][0-9]{0,2})(?:/.*)?", "/executive-board/meetings/{0}/"),
    (r"(?:eb|executive-board)(?:/.*)?", "/executive-board/"),
    (r"panels/meth(?:odologies)?(?:/.*)?", "/panels/methodologies-panel/"),
    (r"panels/ar(?:-?wg)?(?:/.*)?", "/panels/ar-wg/"),
    (r"panels/ssc[_-]?wg(?:/.*)?", "/panels/ssc-wg/"),
    (r"panels(?:/.*)?", "/panels/"),
    (r"reference/copmop(?:/.*)?", DOCUMENTS + "?body=cmp"),
    (r"reference/guidclarif(?:/.*)?", DOCUMENTS + "?class=guidance"),
    (r"reference/tools(?:/.*)?", DOCUMENTS + "?class=tool"),
    (r"reference/pdds_forms(?:/.*)?", DOCUMENTS + "?class=form"),
    (r"reference/standards(?:/.*)?", DOCUMENTS + "?class=standard"),
    (r"reference/procedures(?:/.*)?", DOCUMENTS + "?class=procedure"),
    (r"reference(?:/.*)?", DOCUMENTS),
    (r"about/ccs(?:/.*)?", "/about/ccs/"),
    (r"about/hcfc-?22(?:/.*)?", "/about/hcfc-22/"),
    (r"about/limitations(?:/.*)?", "/about/small-scale-ar-limit/"),
    (r"about(?:/[^/]*)?", "/about/"),
    (r"cdmnews(?:/.*)?", "/news/"),
    (r"newsletters?(?:/.*)?", "/newsletters/"),
    (r"public_inputs/accr_doeproc_rev(?:/.*)?", "/public-inputs/2006-accreditation-procedure/"),
    (r"public_inputs/eb31_arwg_land_egibility(?:/.*)?", "/public-inputs/2007-eligibility-of-land/"),
    (r"public_inputs/2008/guidelines_pdd(?:/.*)?", "/public-inputs/2008-project-design-guidelines/"),
    (r"public_inputs/2009/cmpreq(?:/.*)?", "/public-inputs/2009-regional-distribution/"),
    (r"public_inputs/2010/review_proc_rev(?:/.*)?", "/public-inputs/2010-registration-and-issuance/"),
    (r"public_inputs/2011/eb62_01(?:/.*)?", "/public-inputs/2011-first-of-its-kind/"),
    (r"public_inputs/2012/cdm_roundtable(?:/.*)?", "/public-inputs/2012-round-tables/"),
    (r"public_inputs/2012/eb70_01(?:/.*)?", "/public-inputs/2012-project-standard/"),
    (r"public_inputs/2014/eb81_03(?:/.*)?", "/public-inputs/2014-direct-communication/"),
    (r"public_inputs(?:/.*)?", "/public-inputs/"),
]
# Sections that stand here under the same name: below them an address in our own writing that nothing has is a mistake, no old address.
SECTIONS = "projects|issuance|methodologies|doe|dna|statistics|registry|panels|about|newsletters|executive-board"
OURS = re.compile(rf"/(?:{SECTIONS})(?:/|\Z)")
OLD = re.compile(r"\.html?\Z|/(?:about/(?:hcfc22|limitations)|doe/list|(?:pa|ssc|ar)methodologies|projects/validation)(?:/|\Z)")
RULES = [(re.compile(rule + r"\Z"), target) for rule, target in TABLE]
END = re.compile(r"/?(?:index)?\.html?\Z|/index\.html?\Z|/\Z")
# In whatever capitals; a flag would keep Django from naming the address.
REDIRECTOR = "^" + "".join(f"[{a.upper()}{a}]" if a.isalpha() else a for a in "projects/redirector") + "/?$"
REFERENCE = re.compile(r"[0-9]{1,9}\Z", re.ASCII)
VALIDATION = re.compile(rf"/projects/validation/db/{ACTIVITY}(?:/.*)?\Z", re.IGNORECASE)
# Pages of a project by the number of its request, below which issuances stand by the number of theirs.
REQUEST = re.compile(r"/projects/db/(?P<project>[^/]+)(?:/iprocess/(?P<issuance>[^/]+))?(?:/.*)?\Z", re.IGNORECASE)


@query_parameters("ref")
@require_safe
def redirector(request):
    """`/Projects/redirector?ref=1365`, by which others link to an activity."""
    ref = request.GET.get("ref", "").strip()
    if not REFERENCE.match(ref):
        return to(PROJECTS)
    return to(f"{PROJECTS}{int(ref)}/") if int(ref) else to(PROJECTS)


def lead_on(request):
    """The answer to an address of the CDM site; None for any other. Nothing of the portal may have the address itself."""
    path = request.path_info
    if match := VALIDATION.match(path):
        return to_activity(request, match["key"])
    if match := REQUEST.match(path):
        return to_request(request, unquote(match["issuance"] or ""), match["project"])
    if target := led_to(path):
        return to(existing(target, request.moment))
    return None


def led_to(path):
    """The path that the table has for an old one, or an empty text.

    >>> led_to("/Projects/registered.html")
    '/projects/?status=Registered'
    """
    if path.lower() in ("/index.html", "/index.htm"):
        return "/"
    if OURS.match(path) and not OLD.search(path.lower()):
        return ""
    plain = END.sub("", path.lower()).removeprefix("/")
    for rule, target in RULES:
        if match := rule.match(plain):
            found = target.format(*match.groups())
            return "" if found.partition("?")[0] == path else found
    return ""


def existing(target, moment):
    """The path, or the one above it that there is at the moment."""
    path, mark, query = target.partition("?")
    while path != "/" and not (kinds.is_served(path, moment) or kinds.resolve(path, moment)):
        path, mark, query = path.rstrip("/").rpartition("/")[0] + "/", "", ""
    return path + mark + query


def to_activity(request, key):
    registry = registry_at(request.moment)
    if registry.is_sample or ActivityRow.objects.filter(key=key, from_release__lte=registry.release.thing_id).exists():
        return to(f"{PROJECTS}{quote(key, safe='')}/")
    return not_resolved(request)


def to_request(request, issuance, project):
    """To the issuance of a process number, on the page of its activity; what else bears such numbers is not in the data."""
    registry = registry_at(request.moment)
    for process in dict.fromkeys([issuance, issuance.replace("+", " ")] if issuance else ()):
        if row := issuance_of(registry, process):
            found = registry.activity(row.reference)
            if found:
                return to(activity_path(found[1]) + f"#{anchor_of(process)}")
    return not_resolved(request, issuance or project)


def issuance_of(registry, process):
    if registry.is_sample:
        return next((row for row in sample().issuances if row.process == process), None)
    return registry.rows(IssuanceRow).filter(process=process).order_by("pk").first()


def not_resolved(request, number=""):
    """404 that says which old addresses cannot be led on, with the search."""
    return render(request, "old_address.html", {"number": number[:80]}, status=404)


def to(path):
    """Lead to a root-relative path at the moment of the request. Browsers ask again each time: later releases may tell more."""
    response = HttpResponsePermanentRedirect(address_of(path))
    response["Cache-Control"] = "no-cache"
    return response
