"""Podcast: RSS with the tags that podcast programmes read."""

from publishing.feed_formats import Rss

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"


class Podcast(Rss):
    def rss_attributes(self):
        return super().rss_attributes() | {"xmlns:itunes": ITUNES}

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        handler.addQuickElement("itunes:author", self.feed["author_name"])
        handler.addQuickElement("itunes:summary", self.feed["description"])
        handler.addQuickElement("itunes:type", "episodic")
        handler.addQuickElement("itunes:explicit", "false")
        handler.addQuickElement("itunes:category", "", {"text": "Government"})
        handler.addQuickElement("itunes:image", "", {"href": self.feed["image"]})

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("itunes:title", item["title"])
        handler.addQuickElement("itunes:author", item["speaker"])
        handler.addQuickElement("itunes:summary", item["summary"])
        handler.addQuickElement("itunes:duration", str(item["seconds"]))
        handler.addQuickElement("itunes:episodeType", "full")
        handler.addQuickElement("itunes:explicit", "false")
