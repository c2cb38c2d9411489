"""A browser without scripts, on real connections: keeps cookies, fills in forms and sends them."""

import http.client
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html


class WireAnswer:
    def __init__(self, response, address):
        self.status, self.body, self.address = response.status, response.read(), address
        self.headers = response.headers

    @property
    def text(self):
        return self.body.decode()

    def forms(self):
        return html.document_fromstring(self.text, base_url=self.address).forms


class Browser:
    """One visitor or editor of the portal at `address`. Every request has a connection of its own, so it may reach any worker."""

    def __init__(self, address, timeout=30):
        self.address, self.timeout, self.cookies = address, timeout, {}

    def ask(self, method, path, body=None, **headers):
        address = urljoin(self.address, path)
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.timeout)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
            answer = WireAnswer(connection.getresponse(), address)
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer

    def get(self, path, **headers):
        answer = self.ask("GET", path, **headers)
        return self.get(answer.headers["Location"]) if answer.status in {301, 302} else answer

    def send(self, answer, **changes):
        """Send the page's form that holds all of the named fields, as it stands but for the changes; redirects are not followed."""
        forms = [form for form in answer.forms() if form.method == "POST" and set(changes) <= set(form.fields.keys())]
        assert forms, (answer.status, answer.text[:2000])
        fields = dict(forms[0].form_values()) | changes
        target = forms[0].action or answer.address
        form = urlencode(fields)
        return self.ask("POST", target, form, **{"Content-Type": "application/x-www-form-urlencoded", "Referer": answer.address})

    def log_in(self, name, password):
        answer = self.send(self.get("/admin/login/"), username=name, password=password)
        assert answer.status == 302, answer.text
        return self
