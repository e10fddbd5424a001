"""An HTTPS client that may connect elsewhere than the name in the URL resolves to."""

import http.client
import json
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 60


class CheckFailed(Exception):
    """A check found something wrong; the text says what."""


@dataclass(frozen=True)
class Answer:
    """A response, read whole."""

    status: int
    body: bytes

    def json(self) -> Any:
        """Return the body's JSON; anything else is a failed check."""
        try:
            return json.loads(self.body)
        except ValueError as problem:
            raise CheckFailed(f"answered {self.status} without JSON") from problem


class HttpsClient:
    """Sends requests; name in the certificate and Host header are always the URL's.

    Which authorities are trusted is OpenSSL's matter: those of the system, or SSL_CERT_FILE's.
    """

    def __init__(self, address: str | None) -> None:
        self._address = address
        self._context = ssl.create_default_context()

    def send(self, method: str, url: str, token: str | None = None, body: object = None) -> Answer:
        """Send a request and return the answer, whatever its status."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = self._connect(url)
        try:
            connection.request(method, target, content, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read())
        except (OSError, http.client.HTTPException) as problem:
            raise CheckFailed(f"{method} {url} got no answer: {problem}") from problem
        finally:
            connection.close()

    def certificate(self, url: str) -> dict[str, Any]:
        """Return the server's certificate, after its chain and name were verified."""
        connection = self._connect(url)
        try:
            connection.connect()
            return connection.sock.getpeercert() or {}
        except OSError as problem:
            raise CheckFailed(f"{url} cannot be trusted or reached: {problem}") from problem
        finally:
            connection.close()

    def _connect(self, url: str) -> "_Connection":
        parts = urlsplit(url)
        own = (parts.hostname or "", parts.port or 443)
        if self._address is None:
            return _Connection(own, own, self._context)
        host, _, port = self._address.rpartition(":")
        return _Connection(own, (host.strip("[]"), int(port)), self._context)


class _Connection(http.client.HTTPSConnection):
    def __init__(
        self, named: tuple[str, int], opened: tuple[str, int], context: ssl.SSLContext
    ) -> None:
        super().__init__(*named, timeout=TIMEOUT_SECONDS, context=context)
        self._opened, self._tls = opened, context

    def connect(self) -> None:
        raw = socket.create_connection(self._opened, TIMEOUT_SECONDS)
        try:
            self.sock = self._tls.wrap_socket(raw, server_hostname=self.host)
        except BaseException:
            raw.close()
            raise
