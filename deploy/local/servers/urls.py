"""Connection addresses of one PostgreSQL server for its other databases and roles."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit


def url_for(admin_url: str, database: str, role: str | None = None, password: str = "") -> str:
    """The same server, another database, and perhaps another role."""
    parts = urlsplit(admin_url)
    before, _, place = parts.netloc.rpartition("@")
    who = f"{quote(role)}:{quote(password, safe='')}" if role else before
    return urlunsplit(parts._replace(netloc=f"{who}@{place}" if who else place, path=f"/{database}"))
