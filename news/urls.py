from django.urls import path, re_path

from news import feeds, views
from news.archive import archive, recordings
from publishing import kinds
from publishing.list_views import listed, thing_view
from publishing.listing import lines
from publishing.views import source_with

app_name = "news"
FORM = r"(?P<form>atom|rss|json)"
YEAR, MONTH, DAY = r"(?P<year>[0-9]{4})", r"(?P<month>[0-9]{2})", r"(?P<day>[0-9]{2})"
# Not the portal's own last steps, which every address has.
RECORDING = r"audio/(?P<slug>(?!(?:history|timemap|preview|feed)/)[-a-zA-Z0-9_]+)"
TOPIC = r"news/topics/(?P<topic>[a-z-]+)"

urlpatterns = [
    path("news/", views.archive_list, name="archive"),
    path("news/index.md", source_with(lambda moment: lines(archive(moment).live))),
    re_path(rf"^news/feed/{FORM}/$", feeds.news_feed, name="feed"),
    path("news/topics/", views.topic_list, name="topics"),
    path("news/topics/index.md", views.topic_list, {"is_source": True}),
    re_path(rf"^{TOPIC}/$", views.topic, name="topic"),
    re_path(rf"^{TOPIC}/index\.md$", views.topic, {"is_source": True}),
    re_path(rf"^{TOPIC}/feed/{FORM}/$", feeds.news_feed, name="topic_feed"),
    re_path(rf"^news/{YEAR}/$", views.dated_list, name="year"),
    re_path(rf"^news/{YEAR}/{MONTH}/$", views.dated_list, name="month"),
    re_path(rf"^news/{YEAR}/{MONTH}/{DAY}/$", views.dated_list, name="day"),
    re_path(rf"^news/{YEAR}/(?:{MONTH}/(?:{DAY}/)?)?index\.md$", views.dated_list, {"is_source": True}),
    re_path(rf"^news/{YEAR}/{MONTH}/{DAY}/(?P<slug>[-a-zA-Z0-9_]+)/$", views.item, name="item"),
    *listed("newsletter", views.newsletter),
    path("audio/", views.recording_list, name="audio"),
    path("audio/index.md", source_with(lambda moment: lines(recordings(moment).live))),
    path("audio/feed/podcast/", feeds.podcast, name="podcast"),
    re_path(rf"^{RECORDING}/$", thing_view(kinds.get("recording")), name="recording"),
    re_path(rf"^{RECORDING}/(?P<name>(?!index\.md$)[^/]+)$", views.recording_file, name="recording_file"),
]
