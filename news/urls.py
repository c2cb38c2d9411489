from django.urls import path, re_path

from news import exports, feeds, views
from news.archive import archive
from news.newsletters import issues
from news.recordings import recordings
from publishing.views import source_with

app_name = "news"
FORM = r"(?P<form>atom|rss|json)"
YEAR, MONTH, DAY = r"(?P<year>[0-9]{4})", r"(?P<month>[0-9]{2})", r"(?P<day>[0-9]{2})"
# Not the portal's own last steps, which every address has.
RECORDING = r"audio/(?P<slug>(?!(?:history|timemap|preview|feed)/)[-a-zA-Z0-9_]+)"
TOPIC = r"news/topics/(?P<topic>[a-z-]+)"

urlpatterns = [
    path("news/", views.archive_list, name="archive"),
    path("news/index.md", source_with(lambda moment: exports.rows(archive(moment).live))),
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
    path("newsletters/", views.newsletter_list, name="newsletters"),
    path("newsletters/index.md", source_with(lambda moment: exports.rows(issues(moment).live))),
    re_path(rf"^newsletters/feed/{FORM}/$", feeds.newsletter_feed, name="newsletter_feed"),
    re_path(r"^newsletters/(?P<issue_number>[1-9][0-9]{0,8})/$", views.newsletter, name="newsletter"),
    path("audio/", views.recording_list, name="audio"),
    path("audio/index.md", source_with(lambda moment: exports.rows(recordings(moment).live))),
    path("audio/feed/podcast/", feeds.podcast, name="podcast"),
    re_path(rf"^{RECORDING}/$", views.recording, name="recording"),
    re_path(rf"^{RECORDING}/(?P<name>(?!index\.md$)[^/]+)$", views.recording_file, name="recording_file"),
]
