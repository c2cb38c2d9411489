"""Views of the feeds of news items, newsletters and recordings."""

from django.http import Http404
from django.templatetags.static import static
from django.utils.feedgenerator import Enclosure
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from files.formats import FORMATS
from news.archive import archive, recordings
from news.podcast import Podcast
from news.topics import Topic
from publishing.addresses import as_asked, canonical
from publishing.feed_formats import FORMS
from publishing.feeds import ChannelFeed, channel, stories_of
from publishing.parameters import query_parameters


def news_channel(request, form, topic=None):
    if topic is not None and topic not in Topic.values:
        raise Http404
    home = f"/news/topics/{topic}/" if topic else "/news/"
    return channel(
        request,
        archive(request.moment),
        stories_of,
        title=_("News: {topic}").format(topic=Topic(topic).label) if topic else _("News"),
        description=_("Dated facts about the clean development mechanism, each with its source. Not a service of the UNFCCC."),
        home=home,
        feed=f"{home}feed/{form}/",
        holds=(lambda row: topic in row.topics) if topic else None,
    )


def podcast_channel(request):
    return channel(
        request,
        recordings(request.moment),
        recorded_stories,
        title=_("Audio"),
        description=_("Short recordings about the clean development mechanism, with transcripts. Not a service of the UNFCCC."),
        home="/audio/",
        feed="/audio/feed/podcast/",
        extra={"image": canonical(static("news/podcast.png"))},
    )


def recorded_stories(request, held, entries):
    return stories_of(request, held, entries, sound=sound, speaker=lambda e: e.speaker, seconds=lambda e: e.seconds)


def sound(entry):
    return Enclosure(as_asked(entry.file_path), str(entry.file.size), FORMATS[entry.file.extension].media_type)


NEWS = {form: ChannelFeed(generator, news_channel) for form, generator in FORMS.items()}
PODCAST = ChannelFeed(Podcast, podcast_channel)


@query_parameters("page")
@require_safe
def news_feed(request, form, topic=None):
    return NEWS[form](request, form=form, topic=topic)


@query_parameters("page")
@require_safe
def podcast(request):
    return PODCAST(request)
