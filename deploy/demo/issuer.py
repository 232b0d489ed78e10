"""The local OpenID Connect issuer: oidc-provider-mock with made-up officers, on loopback only.

Never part of a real installation; the city's own issuer takes its place by MOTCUA_OIDC_ISSUER.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import flask
import uvicorn
from oidc_provider_mock import User, app

HOST = "127.0.0.1"
OFFICERS = Path(__file__).parents[1] / "local" / "officers.json"
HEALTH = "/.well-known/openid-configuration"
CLOSED = ("/users/", "/oauth2/clients")
"""Paths of the mock that are closed: they would let anyone define users and clients."""


def officers(path: Path) -> Sequence[User]:
    """The officers of this file as users of the issuer. The id token has their name and post."""
    rows = json.loads(path.read_text("utf-8"))
    return [User(sub=row["login"], claims={"name": row["name"], "post": row["post"]}) for row in rows]


def build(users: Sequence[User]) -> flask.Flask:
    """The mock as a Flask app, without its debugger, and only for known users."""
    issuer = app(user_claims=users, require_nonce=True, issue_refresh_token=False)
    issuer.debug = False
    issuer.wsgi_app = issuer.wsgi_app.app  # type: ignore[attr-defined, method-assign]  # the bare app below
    logins = {user.sub for user in users}

    @issuer.before_request
    def only_known_people() -> None:
        login = flask.request.form.get("sub")
        if flask.request.path.startswith(CLOSED) or (login is not None and login not in logins):
            flask.abort(404)

    return issuer


def main() -> None:
    """Serve until the process is stopped."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain HTTP: loopback only
    users = officers(Path(os.environ.get("MOTCUA_OFFICERS") or OFFICERS))
    port = int(os.environ.get("MOTCUA_ISSUER_PORT") or os.environ["MOTCUA_HTTP_PORT"])
    uvicorn.run(build(users), interface="wsgi", host=HOST, port=port, log_level="warning")


if __name__ == "__main__":
    main()
