"""Who may see the panel: whoever the API knows. The panel holds no key and no password."""

import hashlib
import time
from collections.abc import Callable
from http import HTTPStatus

import requests

from battery_panel.codes import Code

# How long an answer of the API about a token is believed.
BELIEVED_SECONDS = 30
CACHE_SIZE = 1000
API_TIMEOUT_SECONDS = 15


class ApiUnreachable(Exception):
    """The API does not answer, so nobody can be let in."""


class Refused(Exception):
    """The API refuses the login; the text says why."""


class Sessions:
    """Logs people in at the API and asks it about their tokens."""

    def __init__(self, api_url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._api_url = api_url
        self._clock = clock
        self._names: dict[bytes, tuple[float, str]] = {}
        self._codes: dict[str, Code] = {}

    def log_in(self, username: str, password: str, address: str) -> tuple[str, int]:
        """Return a token and the seconds it lasts; the API counts refusals by `address`."""
        answer = self._call(
            "POST",
            "/auth/login",
            json={"username": username, "password": password},
            headers={"X-Forwarded-For": address},
        )
        if answer.status_code != HTTPStatus.OK:
            raise Refused(_reason(answer))
        body = answer.json()
        return str(body["access_token"]), int(body["expires_in"])

    def name(self, token: str) -> str | None:
        """Return the name of the person that the token belongs to, or none."""
        key = hashlib.sha256(token.encode()).digest()
        known = self._names.get(key)
        if known is not None and known[0] > self._clock():
            return known[1]
        answer = self._call("GET", "/auth/me", headers={"Authorization": f"Bearer {token}"})
        if answer.status_code != HTTPStatus.OK or answer.json()["kind"] != "user":
            self._names.pop(key, None)
            return None
        if len(self._names) >= CACHE_SIZE:
            self._names.clear()
        name = str(answer.json()["name"])
        self._names[key] = (self._clock() + BELIEVED_SECONDS, name)
        return name

    def error_codes(self, token: str) -> dict[str, Code]:
        """Return the codes that the API knows; they belong to its release and are asked once."""
        if not self._codes:
            answer = self._call("GET", "/error-codes", headers={"Authorization": f"Bearer {token}"})
            if answer.status_code == HTTPStatus.OK:
                self._codes = {known["code"]: Code(**known) for known in answer.json()}
        return self._codes

    def _call(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        json: dict[str, str] | None = None,
    ) -> requests.Response:
        try:
            answer = requests.request(
                method,
                f"{self._api_url}{path}",
                headers=headers,
                json=json,
                timeout=API_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as problem:
            raise ApiUnreachable from problem
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ApiUnreachable
        return answer


def _reason(answer: requests.Response) -> str:
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError):
        detail = None
    return detail if isinstance(detail, str) else "The login was refused."
