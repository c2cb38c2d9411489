from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "Reference library"

    def ready(self):
        from documents.kinds import DocumentKind, DocumentVersionKind
        from publishing import kinds

        for kind in (DocumentKind(), DocumentVersionKind()):
            kinds.register(kind)
