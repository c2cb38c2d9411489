"""Views of the feeds."""

from django.http import Http404
from django.templatetags.static import static
from django.utils.feedgenerator import Enclosure
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from files.formats import FORMATS
from news.archive import archive, items_of
from news.channels import ChannelFeed, channel, stories_of
from news.newsletters import issues
from news.recordings import recordings
from news.syndication import FORMS, Podcast
from news.topics import Topic
from publishing.addresses import canonical
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
        topic=topic,
    )


def newsletter_channel(request, form):
    return channel(
        request,
        issues(request.moment),
        gathering_stories,
        title=_("Newsletters"),
        description=_("The portal's own digest of its news archive. Not a newsletter of the UNFCCC."),
        home="/newsletters/",
        feed=f"/newsletters/feed/{form}/",
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


def gathering_stories(request, held, entries):
    return stories_of(request, held, entries, lambda issue: items_of(issue, request.moment))


def recorded_stories(request, held, entries):
    return stories_of(request, held, entries, sound=sound, speaker=lambda e: e.speaker, seconds=lambda e: e.seconds)


def sound(entry):
    return Enclosure(canonical(entry.file_path), str(entry.file.size), FORMATS[entry.file.extension].media_type)


NEWS = {form: ChannelFeed(generator, news_channel) for form, generator in FORMS.items()}
NEWSLETTERS = {form: ChannelFeed(generator, newsletter_channel) for form, generator in FORMS.items()}
PODCAST = ChannelFeed(Podcast, podcast_channel)


@query_parameters("page")
@require_safe
def news_feed(request, form, topic=None):
    return NEWS[form](request, form=form, topic=topic)


@query_parameters("page")
@require_safe
def newsletter_feed(request, form):
    return NEWSLETTERS[form](request, form=form)


@query_parameters("page")
@require_safe
def podcast(request):
    return PODCAST(request)
