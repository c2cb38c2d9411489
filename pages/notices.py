"""Site notices at a moment, held in the process."""

from pages.models import NoticeEdition
from publishing.snapshots import Snapshot

live = Snapshot(lambda moment: list(NoticeEdition.objects.live(moment.at).order_by("-live_from")), of=["notice"])
