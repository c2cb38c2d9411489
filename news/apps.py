from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "News"

    def ready(self):
        from news.kinds import NewsItemKind, NewsletterKind, RecordingKind
        from publishing import kinds

        for kind in (NewsItemKind(), NewsletterKind(), RecordingKind()):
            kinds.register(kind)
