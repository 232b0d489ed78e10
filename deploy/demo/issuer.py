"""The local OpenID Connect issuer: oidc-provider-mock with our made-up officers, on loopback only.

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
"""The mock would let anyone define people and clients; nobody needs that here."""


def officers(path: Path) -> Sequence[User]:
    """The officers of the list as the issuer knows them: name and post ride in the id token."""
    rows = json.loads(path.read_text("utf-8"))
    return [User(sub=row["login"], claims={"name": row["name"], "post": row["post"]}) for row in rows]


def build(users: Sequence[User]) -> flask.Flask:
    """The mock, without its debugger and without strangers."""
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
    """Serve until told to stop."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain HTTP: loopback only
    users = officers(Path(os.environ.get("MOTCUA_OFFICERS") or OFFICERS))
    port = int(os.environ.get("MOTCUA_ISSUER_PORT") or os.environ["MOTCUA_HTTP_PORT"])
    uvicorn.run(build(users), interface="wsgi", host=HOST, port=port, log_level="warning")


if __name__ == "__main__":
    main()
