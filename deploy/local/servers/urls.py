"""Connection addresses of one PostgreSQL server for its other databases and roles."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit


def url_for(admin_url: str, database: str, role: str | None = None, password: str = "") -> str:
    """The same server, another database, and perhaps another role."""
    parts = urlsplit(admin_url)
    user_info, _, address = parts.netloc.rpartition("@")
    credentials = f"{quote(role)}:{quote(password, safe='')}" if role else user_info
    return urlunsplit(
        parts._replace(netloc=f"{credentials}@{address}" if credentials else address, path=f"/{database}")
    )
