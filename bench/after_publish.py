"""Cost of the first request after a publication in a process that is warm; part of `make bench-serve`, in a process of its own."""

import io
import time

import django


def main():
    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from cdmportal.wsgi import application
    from pages.models import Page
    from publishing import ledger

    def ask():
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/about/", "QUERY_STRING": "", "HTTP_HOST": "127.0.0.1", "SCRIPT_NAME": ""}
        environ |= {"wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "SERVER_PROTOCOL": "HTTP/1.1"}
        environ |= {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80"}
        b"".join(application(environ, lambda *started: None))

    about = Page.objects.get(key="about")
    ask()
    costs = {"the first request after a publish": [], "a page made anew in a warm process": []}
    for number in range(5):
        about.summary = f"State {number}."
        about.save()
        ledger.publish([about], on_pending=ledger.OnPending.DROP)
        for measured in costs.values():
            with CaptureQueriesContext(connection) as queries:
                start = time.process_time()
                ask()
                measured.append(((time.process_time() - start) * 1000, len(queries)))
            application.clear()
    for name, measured in costs.items():
        warm = measured[1:]  # before the first publication the process had held less
        print(f"{name}: {min(warm)[0]:.1f} ms of CPU, {max(count for _, count in warm)} queries")


if __name__ == "__main__":
    main()
