"""Content negotiation (RFC 9110): codings that a request accepts, with their weights, and the entity tags of its conditions."""

import re
from functools import lru_cache

PREFERRED = ("br", "gzip")
IDENTITY = "identity"
CODING = re.compile(r"\s*(?P<coding>[\w*.-]+)\s*(?:;\s*q\s*=\s*(?P<weight>[0-9.]+)\s*)?\Z", re.ASCII)
TAG = re.compile(r'(?:W/)?("[^"]*")')
LONGEST = 200


def coding_for(header):
    """The best of `br`, `gzip` and `identity` for an Accept-Encoding header; among equals the smallest."""
    return _coding_for(header) if header and len(header) <= LONGEST else IDENTITY


@lru_cache(maxsize=256)
def _coding_for(header):
    weights = {}
    for part in header.lower().split(","):
        if match := CODING.match(part):
            weights[match["coding"].removeprefix("x-")] = weight_of(match["weight"])
    others = weights.get("*", 0.0)
    best, most = IDENTITY, weights.get(IDENTITY, 0.0)
    for coding in reversed(PREFERRED):
        weight = weights.get(coding, others)
        if weight and weight >= most:
            best, most = coding, weight
    return best


def weight_of(text):
    if text is None:
        return 1.0
    try:
        return min(float(text), 1.0)
    except ValueError:
        return 0.0


def holds_tag(header, tag):
    """Whether an If-None-Match header names the entity tag, compared weakly as GET and HEAD ask for."""
    return header == tag or header.strip() == "*" or tag in TAG.findall(header)
