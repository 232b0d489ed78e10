"""What may be answered before it is read: exactly one whole write of a machine, and nothing in doubt."""

import pytest

from shared.web.protection.shedding_protocol import complete_write_key


def a_request(*headers: str, line: str = "POST /v1/dossiers HTTP/1.1", body: str = "{}") -> bytes:
    return "\r\n".join([line, "Host: door", *headers, "", body]).encode()


def test_a_whole_write_names_its_caller() -> None:
    assert complete_write_key(a_request("Content-Length: 2")) == b""
    assert complete_write_key(a_request("Content-Length: 2", "X-API-Key: Abc")) == b"Abc"
    assert complete_write_key(a_request("content-length: 2", "authorization: Bearer Abc")) == b"Bearer Abc"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(a_request("Content-Length: 3"), id="a body still to come"),
        pytest.param(a_request("Content-Length: 1"), id="more than one request"),
        pytest.param(a_request("Content-Length: 2", "Content-Length: 9"), id="two lengths"),
        pytest.param(a_request("Content-Length: 2", "Content-Length : 2"), id="an odd second length"),
        pytest.param(a_request("Content-Length: 2", "Transfer-Encoding: chunked"), id="chunks"),
        pytest.param(a_request("Content-Length: 2", "Expect: 100-continue"), id="one who asks first"),
        pytest.param(a_request("Content-Length: 2", "Connection: close"), id="one who hangs up"),
        pytest.param(a_request("Content-Length: 2", "Accept: text/html"), id="a person"),
        pytest.param(a_request("Content-Length: 2", line="GET / HTTP/1.1"), id="a read"),
        pytest.param(a_request("Content-Length: 2", line="POST / HTTP/1.0"), id="an old client"),
        pytest.param(b"POST /v1/dossiers HTTP/1.1\r\nHost: d", id="half a head"),
    ],
)
def test_anything_else_goes_the_long_way(data: bytes) -> None:
    assert complete_write_key(data) is None
