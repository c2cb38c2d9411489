"""What DATABASE_URL says is what the connection gets."""

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connection

from cdmportal.database_url import LIMITS, database
from cdmportal.management.commands.prepare import require_limits


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ("sslmode=verify-full&sslrootcert=/etc/ca.pem", {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}),
        ("target_session_attrs=read-write", {"target_session_attrs": "read-write"}),
        ("connect_timeout=9&application_name=cdm", {"connect_timeout": 9, "application_name": "cdm"}),
        ("options=-c%20work_mem%3D8MB", {"options": f"{LIMITS} -c work_mem=8MB"}),
        ("", {"connect_timeout": 3, "options": LIMITS}),
    ],
)
def test_options_of_the_address_are_kept(options, kept):
    found = database(f"postgres://cdm:a%40b@db.example.org:5433/cdm?{options}")
    assert found["OPTIONS"] == {"connect_timeout": 3, "options": LIMITS} | kept
    assert (found["HOST"], found["PORT"], found["USER"], found["PASSWORD"]) == ("db.example.org", 5433, "cdm", "a@b")


@pytest.mark.parametrize(
    ("hosts", "host", "port"),
    [
        ("db1,db2", "db1,db2", "5432,5432"),
        ("db1:5433,db2", "db1,db2", "5433,5432"),
        ("db1:1,[::1]:2,10.0.0.3", "db1,::1,10.0.0.3", "1,2,5432"),
    ],
)
def test_lists_of_hosts_are_kept(hosts, host, port):
    found = database(f"postgresql://cdm:pa%2Css@{hosts}/cdm?target_session_attrs=primary")
    assert (found["HOST"], found["PORT"]) == (host, port)
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("cdm", "pa,ss", "cdm")
    assert found["OPTIONS"]["target_session_attrs"] == "primary"


def test_socket_in_the_address_is_kept():
    assert database("postgres://portal@%2Frun%2Fpg/postgres")["HOST"] == "/run/pg"


def test_sqlite_keeps_what_it_needs_and_what_is_given():
    options = database("sqlite:////tmp/x.sqlite3?timeout=20")["OPTIONS"]
    assert options["timeout"] == 20
    assert options["transaction_mode"] == "IMMEDIATE"


def test_pool_gets_no_options_at_the_start_and_no_cursors():
    found = database("postgres://cdm@pool:6432/cdm?sslmode=require", is_pooled=True)
    assert found["OPTIONS"] == {"connect_timeout": 3, "sslmode": "require"}
    assert found["DISABLE_SERVER_SIDE_CURSORS"] is True


@pytest.mark.django_db
@pytest.mark.skipif("postgres" not in settings.DATABASES["default"]["ENGINE"], reason="roles have limits in PostgreSQL")
def test_role_behind_a_pool_must_have_limits(settings):
    with connection.cursor() as cursor:
        for name in ("lock_timeout", "statement_timeout"):
            cursor.execute(f"SET LOCAL {name} = 0")
            require_limits(connection)  # without a pool the connection brings its own
            settings.DATABASE_POOL = True
            with pytest.raises(CommandError, match=f"has no {name}.*ALTER ROLE .* SET {name}"):
                require_limits(connection)
            cursor.execute(f"SET LOCAL {name} = '5s'")
            require_limits(connection)
            settings.DATABASE_POOL = False
