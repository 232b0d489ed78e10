"""Kafka's jars from a mirror, and what is said when a download fails: the setting that helps."""

import hashlib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from deploy.local.downloads import NPM, remedy_of
from deploy.local.ports import free_port
from deploy.local.servers import kafka_jars
from deploy.local.servers.kafka_jars import Jar, JarFailed

CONTENT = b"a jar"
JAR = Jar("a.group", "thing", "1.0", hashlib.sha256(CONTENT).hexdigest())


class Repository(BaseHTTPRequestHandler):
    """A Maven repository with one jar."""

    def do_GET(self) -> None:
        is_there = self.path == "/a/group/thing/1.0/thing-1.0.jar"
        self.send_response(200 if is_there else 404)
        self.end_headers()
        if is_there:
            self.wfile.write(CONTENT)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "motcua" / "jars"


def test_a_mirror_is_asked_and_its_jar_is_checked(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _served() as server:
        monkeypatch.setenv("MOTCUA_MAVEN_URL", f"http://127.0.0.1:{server.server_port}/")
        [path] = kafka_jars.fetch([JAR])
        with pytest.raises(JarFailed, match="the lock says 000000000000"):
            kafka_jars.fetch([Jar("a.group", "thing", "1.0", "0" * 64)])

    assert path.read_bytes() == CONTENT
    assert sorted(entry.name for entry in cache.iterdir()) == [path.name, "turn.lock"], "nothing half is left"


def test_a_jar_that_the_mirror_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    with _served() as server:
        monkeypatch.setenv("MOTCUA_MAVEN_URL", f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(JarFailed, match=r"other 2 could not be fetched: .* MOTCUA_MAVEN_URL="):
            kafka_jars.fetch([Jar("a.group", "other", "2", "0" * 64)])


def test_nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_MAVEN_URL", f"https://127.0.0.1:{free_port()}")
    with pytest.raises(JarFailed, match=r"HTTPS_PROXY=.* MOTCUA_MAVEN_URL=.* what was fetched is kept"):
        kafka_jars.fetch([JAR])


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_MAVEN_URL", "https://mirror.invalid")
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(JarFailed, match=r"the proxy did not let it through\. Set HTTPS_PROXY=.* NO_PROXY"):
        kafka_jars.fetch([JAR])


def test_a_certificate_that_nobody_trusts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _served(_own_certificate(tmp_path)) as server:
        monkeypatch.setenv("MOTCUA_MAVEN_URL", f"https://127.0.0.1:{server.server_port}")
        with pytest.raises(JarFailed, match=r"certificate is not trusted here.* REQUESTS_CA_BUNDLE="):
            kafka_jars.fetch([JAR])


def test_of_many_jars_that_cannot_come_only_the_first_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Jar] = []

    def fail(jar: Jar, _cache: Path) -> Path:
        tried.append(jar)
        time.sleep(0.02)
        raise JarFailed(jar.artifact)

    monkeypatch.setattr(kafka_jars, "_fetch_jar", fail)
    with pytest.raises(JarFailed):
        kafka_jars.fetch([JAR] * 200)

    assert len(tried) < 100


@pytest.mark.parametrize(
    ("error", "helps"),
    [
        ("npm error code UNABLE_TO_VERIFY_LEAF_SIGNATURE", "NODE_EXTRA_CA_CERTS="),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", "NODE_EXTRA_CA_CERTS="),
        ("npm error code E404", "npm_config_registry="),
        ("npm error code ENOTFOUND", "HTTPS_PROXY="),
        ("npm error code ENOSPC", "make room"),
    ],
)
def test_what_helps_npm(error: str, helps: str) -> None:
    assert helps in remedy_of(error, NPM)


@contextmanager
def _served(certificate: Path | None = None) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Repository)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def _own_certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return path
