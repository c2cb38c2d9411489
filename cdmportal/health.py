"""Views of health: `/healthz` says that the process answers, `/readyz` that what it needs works (publishing.readiness).

What a check counts and why it fails is for operators, who ask from the portal's own machine: the number of editions would tell everybody
else that something is scheduled.
"""

import os

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.throttling import sender
from cdmportal.page_cache.outage import GONE
from due import running
from publishing.models import Record
from publishing.readiness import NotReady, checks, readiness_check


@never_cache
@require_safe
def healthz(_request):
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def readyz(request):
    if request.META.get(GONE):
        results = {"database": {"ok": False, "reason": "It does not answer."}}
    else:
        results = {name: result_of(check) for name, check in checks.items()}
    ready = all(result["ok"] for result in results.values())
    if not is_operator(request):
        results = {name: {"ok": result["ok"]} for name, result in results.items()}
    return JsonResponse({"ready": ready, "checks": results}, status=200 if ready else 503)


def is_operator(request):
    """Whether the request comes from this machine, and not through our proxy from another."""
    address = sender(request)
    return address is not None and address.is_loopback


def result_of(check):
    try:
        return {"ok": True, **(check() or {})}
    except NotReady as reason:
        return {"ok": False, "reason": str(reason)}
    except (Error, OSError) as error:
        return {"ok": False, "reason": type(error).__name__}


@readiness_check("database")
def database():
    record = Record.objects.first()
    if record is None:
        raise NotReady("The record is empty: run manage.py prepare.")
    return {"engine": connection.vendor, "editions": record.last}


@readiness_check("migrations")
def migrations():
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        raise NotReady(f"{len(pending)} migrations have not been applied: run manage.py prepare.")
    return {"pending": 0}


@readiness_check("media")
def media():
    """Check that uploaded files can be read and written; a storage elsewhere is asked whether it answers."""
    if settings.STORAGES["default"]["BACKEND"] != "django.core.files.storage.FileSystemStorage":
        default_storage.exists("readyz")
        return {}
    root = settings.MEDIA_ROOT
    if root.exists() and not os.access(root, os.R_OK | os.W_OK | os.X_OK):
        raise NotReady("The folder of uploaded files cannot be written.")
    return {}


@readiness_check("due")
def due():
    """Tell when what falls due was done last. A portal that does not do it answers its readers all the same, so it is ready."""
    last, overdue, failing = running.state()
    return {"last": last and last.isoformat(timespec="seconds"), "overdue": overdue, "failing": failing}
