"""What helps when a download fails: the setting, by what the error says.

The script `./motcua` says the same of pip (`advise`), before there is any Python of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TRUST = (
    "the server's certificate is not trusted here. Where a proxy opens TLS, name the file with its "
    "certificate: {trust}=/path/to/ca.pem"
)
PROXY = (
    "the proxy did not let it through. Set HTTPS_PROXY=http://user:password@host:port, or unset it where "
    "there is none; NO_PROXY names hosts that are reached without it"
)
FULL = "the disk is full: make room"
MISSING = "what was asked does not have it. If you have a mirror that does: {mirror}"
UNREACHABLE = (
    "nothing was reached. Where the network is reached only through a proxy, set "
    "HTTPS_PROXY=http://host:port; if you have a mirror: {mirror}"
)
SIGNS: Sequence[tuple[str, Sequence[str]]] = (
    (
        TRUST,
        ("certificate_verify_failed", "sslerror", "sslcertverification", "self_signed_cert", "unable_to_"),
    ),
    (PROXY, ("proxyerror", "tunnel connection failed", "cannot connect to proxy", "proxy authentication")),
    (FULL, ("no space left", "enospc")),
    (MISSING, ("not found in remote repositories", "e404")),
)


@dataclass(frozen=True)
class Downloader:
    """A program that downloads: the setting that it reads for trust, and the one for a mirror."""

    trust: str
    mirror: str


JARS = Downloader("REQUESTS_CA_BUNDLE", "MOTCUA_MAVEN_URL=https://host/path of a Maven repository")
NPM = Downloader("NODE_EXTRA_CA_CERTS", "npm_config_registry=https://host/path")


def remedy_of(error_text: str, downloader: Downloader) -> str:
    """A clause that says what is wrong and which setting helps."""
    lower_text = error_text.lower()
    for remedy, signs in SIGNS:
        if any(sign in lower_text for sign in signs):
            return remedy.format(trust=downloader.trust, mirror=downloader.mirror)
    return UNREACHABLE.format(mirror=downloader.mirror)
