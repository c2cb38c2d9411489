"""Site notices at a moment, as a snapshot."""

from pages.models import NoticeEdition
from publishing.snapshots import Snapshot

live = Snapshot(lambda moment: list(NoticeEdition.objects.live(moment.at).order_by("-live_from")), of=["notice"])
