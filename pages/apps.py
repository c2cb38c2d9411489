from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Pages"

    def ready(self):
        from pages.kinds import NoticeKind, PageKind, TermKind
        from publishing import kinds

        for kind in (PageKind(), TermKind(), NoticeKind()):
            kinds.register(kind)
