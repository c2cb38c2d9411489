"""The WSGI application that granian or gunicorn serves: Django with the page cache around it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdmportal.settings")
django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - Django must be set up before our modules are imported
from django.db import connection  # noqa: E402 - as above

from cdmportal.database_file import never_create  # noqa: E402 - as above
from cdmportal.page_cache.cache import PageCache  # noqa: E402 - as above

application = PageCache(django_application, settings.PAGE_CACHE_BYTES)
never_create(connection)
