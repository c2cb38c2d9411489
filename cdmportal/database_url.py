"""The database that DATABASE_URL names, with the options of the address; hosts may be a list, as libpq has it."""

import re

import dj_database_url

HOSTS = re.compile(r"(?P<before>postgres(?:ql)?://(?:[^@/?]*@)?)(?P<hosts>[^/?@]*,[^/?@]*)", re.ASCII)
PORT = "5432"
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 8,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
# No request waits for ever: an editor's is answered with 503 and keeps its text, a reader's by the page cache.
LIMITS = "-c lock_timeout=8s -c statement_timeout=60s"


def database(url, is_pooled=False):
    """One entry of DATABASES. Behind a pool that knows no options at the start of a connection, the role has the limits."""
    match = HOSTS.match(url)
    found = dj_database_url.parse(HOSTS.sub(r"\g<before>", url) if match else url, conn_max_age=600, conn_health_checks=True)
    if match:
        found |= hosts_and_ports(match["hosts"])
    given = found.get("OPTIONS", {})
    if found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = SQLITE | given
        return found
    found["OPTIONS"] = {"connect_timeout": 3} | given
    if is_pooled:
        return found | {"DISABLE_SERVER_SIDE_CURSORS": True}
    found["OPTIONS"]["options"] = f"{LIMITS} {given.get('options', '')}".strip()  # what is said later holds
    return found


def hosts_and_ports(hosts):
    """HOST and PORT for libpq, which takes as many ports as hosts."""
    pairs = [re.fullmatch(r"(\[.*\]|[^:]*)(?::(\d+))?", host).groups() for host in hosts.split(",")]
    return {"HOST": ",".join(host.strip("[]") for host, _port in pairs), "PORT": ",".join(port or PORT for _host, port in pairs)}
