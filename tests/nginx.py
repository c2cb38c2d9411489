"""nginx before a portal as docs/deploy.md says: its configuration and the portal's environment are cut out of that file."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path

from tests.server import ROOT, Server

HOST = "cdm.example.org"
SECRET = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"


def cut_out(heading):
    """The indented block that follows a line of docs/deploy.md which names a file."""
    text = (ROOT / "docs" / "deploy.md").read_text()
    block = re.search(rf"^[^\n]*`{re.escape(heading)}`[^\n]*:\n\n((?:(?: {{4}}[^\n]*)?\n)+)", text, re.MULTILINE)
    assert block, heading
    return re.sub(r"^ {4}", "", block[1], flags=re.MULTILINE)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def deployed(folder, **settings):
    """A portal with two workers and the environment of docs/deploy.md, on a database of its own."""
    lines = [line.partition("=")[::2] for line in cut_out("/etc/cdm/portal.env").splitlines() if line]
    given = {name: value for name, value in lines if name not in {"DATABASE_URL", "VAR_DIR"}}
    return DeployedServer(folder, workers=2, **given | {"SECRET_KEY": SECRET} | settings)


class DeployedServer(Server):
    greeting = f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n".encode()


class Nginx:
    """Starts in `with`. Only ports, folders and the certificate differ from docs/deploy.md."""

    def __init__(self, folder, server):
        self.program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert self.program, "apt-get install nginx"
        self.folder, self.server, self.port = Path(folder), server, free_port()
        self.trust = ssl.create_default_context(cafile=self.certificate())

    def certificate(self):
        subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "2"]
        kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        names = ["-keyout", str(self.folder / "privkey.pem"), "-out", str(self.folder / "fullchain.pem")]
        subprocess.run(["openssl", "req", *kind, *subject, *names], check=True, capture_output=True)
        return self.folder / "fullchain.pem"

    def configure(self):
        here = {
            "/etc/letsencrypt/live/cdm.example.org": str(self.folder),
            "/etc/nginx": str(self.folder),
            "/var/log/nginx": str(self.folder),
            "/srv/cdm/var/static": self.server.environment["STATIC_ROOT"],
            "/srv/cdm/var": str(self.server.folder),
            "listen 443 ": f"listen {self.port} ",
            "http://127.0.0.1:8000": self.server.address,
        }
        # One address family and no port 80: both would be another test's.
        site = re.sub(r"^ *listen \[::\].*\n", "", cut_out("/etc/nginx/sites-enabled/cdm"), flags=re.MULTILINE)
        site = site[: site.index("server {\n    listen 80;")]
        temporary = "".join(f"{name}_temp_path {self.folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        account = "user root;\n" if os.geteuid() == 0 else ""
        main = f"{account}daemon off;\npid {self.folder}/pid;\nerror_log {self.folder}/error.log;\n{cut_out('/etc/nginx/nginx.conf')}"
        (self.folder / "nginx.conf").write_text(f"{main}http {{\naccess_log off;\n{temporary}{changed(site, here)}}}\n")
        (self.folder / "cdm_proxy.conf").write_text(changed(cut_out("/etc/nginx/cdm_proxy.conf"), here))

    def __enter__(self):
        self.configure()
        self.process = subprocess.Popen(
            [self.program, "-p", self.folder, "-e", self.folder / "error.log", "-c", self.folder / "nginx.conf"]
        )
        end = time.monotonic() + 10
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.connect().close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise AssertionError((self.folder / "error.log").read_text())

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)

    def connect(self, source="127.0.0.1", timeout=10):
        """A connection from an address of this machine; all of 127.0.0.0/8 are."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout, (source, 0))
        return self.trust.wrap_socket(plain, server_hostname=HOST)

    def buffered(self):
        """Bytes of answers that nginx has put on disk because a reader is slow; such files have descriptors and no name."""
        workers = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True).stdout.split()
        held = [descriptor for pid in workers for descriptor in Path(f"/proc/{pid}/fd").iterdir()]
        return sum(file.stat().st_size for file in held if str(self.folder / "proxy") in str(file.readlink()))


def changed(text, replacements):
    for old, new in replacements.items():
        text = text.replace(old, new)
    return text
