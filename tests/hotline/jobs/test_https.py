"""What leaves the house, over real https: signed where a secret is shared, and known when refused."""

import hashlib
import hmac
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hotline import clock
from hotline.notify import webhook, wecom
from hotline.notify.channel import Undelivered
from hotline.notify.sms import HttpSms

SECRET = "k" * 32


@dataclass
class Gateway:
    """A server on a port of its own; keeps the last request, answers as it is told."""

    address: str = ""
    status: int = 200
    answer: bytes = b'{"errcode": 0}'
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gateway")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "gateway.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    there = Gateway()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            there.path, there.headers = self.path, dict(self.headers)
            there.body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(there.status)
            self.send_header("Content-Length", str(len(there.answer)))
            self.end_headers()
            self.wfile.write(there.answer)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    file = _certificate(tmp_path)
    # What this process trusts for the length of the test.
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    server = HTTPServer(("127.0.0.1", 0), Desk)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    there.address = f"https://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield there
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_text_message_is_signed_over_time_key_and_body(gateway: Gateway) -> None:
    HttpSms(f"{gateway.address}/send", SECRET).send("13900000002", "预警", key="alert-1-2")

    headers = gateway.headers
    signed = f"{headers['X-Hotline-Time']}.alert-1-2.".encode() + gateway.body
    assert gateway.path == "/send"
    assert headers["Idempotency-Key"] == "alert-1-2"
    assert headers["X-Hotline-Signature"] == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


def test_the_key_of_a_robot_stays_in_its_address(gateway: Gateway) -> None:
    wecom.say(f"{gateway.address}/cgi-bin/webhook/send?key=abc", "**滨海 12345**", key="alert-1")

    assert gateway.path == "/cgi-bin/webhook/send?key=abc"
    assert "X-Hotline-Signature" not in gateway.headers


@pytest.mark.parametrize("answer", [b'{"errcode": 93000}', b"<html>", b"{}"])
def test_a_robot_that_refuses_has_not_taken_it(gateway: Gateway, answer: bytes) -> None:
    gateway.answer = answer

    with pytest.raises(Undelivered):
        wecom.say(gateway.address, "一", key="alert-1")


@pytest.mark.parametrize(
    ("status", "taken"), [(200, True), (202, True), (409, True), (302, False), (500, False)]
)
def test_what_was_taken_before_counts_as_taken(gateway: Gateway, status: int, taken: bool) -> None:
    gateway.status = status

    if taken:
        webhook.post(gateway.address, b"{}", key="alert-1", secret=SECRET)
    else:
        with pytest.raises(Undelivered, match=str(status)):
            webhook.post(gateway.address, b"{}", key="alert-1", secret=SECRET)


def test_a_server_that_nobody_vouches_for_gets_nothing(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(Undelivered):
        webhook.post(gateway.address, b"{}", key="alert-1")

    assert gateway.body == b""
