"""A Wagtail site with one page of the same words and the same menu as ours, made by Wagtail's own start template."""

import json
import subprocess
import sys
from pathlib import Path

MODELS = """
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    body = RichTextField(blank=True)
    content_panels = Page.content_panels + [FieldPanel("body")]

    def get_context(self, request):
        context = super().get_context(request)
        context["menu"] = self.get_site().root_page.get_children().live().in_menu()
        return context
"""
TEMPLATE = """{% extends "base.html" %}
{% load wagtailcore_tags %}
{% block content %}
<nav aria-label="Sections"><ul>
{% for entry in menu %}<li><a href="{% pageurl entry %}">{{ entry.title }}</a></li>
{% endfor %}</ul></nav>
<nav aria-label="Your location"><ol>{% for above in page.get_ancestors %}<li>{{ above.title }}</li>{% endfor %}</ol></nav>
<main><h1>{{ page.title }}</h1>
{{ page.body|richtext }}
</main>
{% endblock %}
"""
SETTINGS = """
from site_.settings.production import *
SECRET_KEY = "only-for-the-benchmark"
ALLOWED_HOSTS = ["127.0.0.1"]
DEBUG = False
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DATABASES["default"]["CONN_MAX_AGE"] = 600
LOGGING = {"version": 1, "disable_existing_loggers": True}
"""
CACHED = """
from site_.settings.bench import *
MIDDLEWARE = ["django.middleware.cache.UpdateCacheMiddleware", *MIDDLEWARE, "django.middleware.cache.FetchFromCacheMiddleware"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
"""
FILL = """
import json, sys
import django
django.setup()
from home.models import HomePage
given = json.load(open(sys.argv[1]))
root = HomePage.objects.first()
for label in given["menu"]:
    root.add_child(instance=HomePage(title=label, show_in_menus=True, body="<p>.</p>"))
root.get_children().first().add_child(instance=HomePage(title="About CDM", slug="about", body=given["body"]))
page = HomePage.objects.get(slug="about")
print(page.url_path)
"""


def make(folder, packages, body, menu):
    """A project in `folder` with an environment of its own; returns (its Python, its folder, the path of the page)."""
    folder = Path(folder)
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True)
    project = folder / "project"
    project.mkdir()
    subprocess.run([str(python.with_name("wagtail")), "start", "site_", str(project)], check=True, stdout=subprocess.DEVNULL)
    (project / "home" / "models.py").write_text(MODELS)
    (project / "home" / "templates" / "home" / "home_page.html").write_text(TEMPLATE)
    (project / "site_" / "settings" / "bench.py").write_text(SETTINGS)
    (project / "site_" / "settings" / "bench_cached.py").write_text(CACHED)
    (project / "fill.py").write_text(FILL)
    (project / "given.json").write_text(json.dumps({"body": body, "menu": menu}))
    environment = {"DJANGO_SETTINGS_MODULE": "site_.settings.bench", "PATH": "/usr/bin:/bin"}
    for command in (
        ["manage.py", "makemigrations", "home"],
        ["manage.py", "migrate", "-v0"],
        ["manage.py", "collectstatic", "--noinput", "-v0"],
    ):
        subprocess.run([str(python), *command], cwd=project, env=environment, check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run([str(python), "fill.py", "given.json"], cwd=project, env=environment, check=True, capture_output=True, text=True)
    return python, project, done.stdout.split("/home", 1)[1].strip()


def versions(python):
    code = "import django, wagtail; print(f'Wagtail {wagtail.__version__} on Django {django.__version__}')"
    return subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout.strip()
