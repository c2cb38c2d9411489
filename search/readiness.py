"""Readiness check of the search. A portal without its index is ready all the same: it searches in the database."""

from publishing.moment import Moment
from publishing.readiness import readiness_check
from search import backend


@readiness_check("search")
def state():
    """`current`, `behind` while changes are being taken up, `missing`, or `damaged` until the index has been made anew."""
    generations = backend.default().generations
    head = generations.head()
    if head is None:
        return {"index": "missing"}
    index = "damaged" if generations.is_damaged() else "current" if head.covers(Moment().version) else "behind"
    return {"index": index, "documents": head.documents, "failed": len(head.failed)}
