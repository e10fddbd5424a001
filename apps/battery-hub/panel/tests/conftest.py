"""The tests use the real database and API that the environment leads to; see ../test.sh."""

import itertools
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from battery_panel import session
from battery_panel.app import create_server
from battery_panel.queries import Database
from battery_panel.settings import Settings

ADMIN_PASSWORD = os.environ["ADMIN_PASSWORD"]
LOGIN = {"username": "admin", "password": ADMIN_PASSWORD}
# Begins anywhere, so that addresses refused in a run hinder no other run with the same API.
VISITORS = itertools.count(uuid.uuid4().int)


@dataclass(frozen=True)
class Seeded:
    """A battery with three reports: two of now, one of two days ago."""

    id: int
    name: str
    token: str


class Api:
    """Calls the API as the admin."""

    def __init__(self) -> None:
        self.url = os.environ["API_URL"]
        self.token = self.call("POST", "/auth/login", LOGIN)["access_token"]

    def call(self, method: str, path: str, body: object = None, token: str = "") -> Any:
        token = token or getattr(self, "token", "")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.request(method, self.url + path, json=body, headers=headers, timeout=120)
        answer.raise_for_status()
        return answer.json() if answer.content else None


@pytest.fixture(autouse=True)
def patience_with_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "API_TIMEOUT_SECONDS", 120)


@pytest.fixture(scope="session")
def api() -> Api:
    return Api()


@pytest.fixture
def make_battery(api: Api) -> Iterator[Callable[..., Seeded]]:
    hubs: list[int] = []

    def making(*, is_synthetic: bool = False, reports: bool = True) -> Seeded:
        name = f"hub {uuid.uuid4()}"
        hub = api.call("POST", "/hubs", {"name": name, "is_synthetic": is_synthetic})
        hubs.append(hub["id"])
        battery = api.call("POST", "/batteries", {"name": f"B {name}"[:30], "hub_id": hub["id"]})
        login = {"battery_id": battery["id"], "battery_secret": battery["battery_secret"]}
        token = api.call("POST", "/auth/battery-login", login)["access_token"]
        now = datetime.now(UTC)
        sent = ((48, 10.0, "CBL; low,CBL"), (0, 40.0, "TG"), (0, 60.0, None))
        for ago, charge, err in sent if reports else ():
            at = (now - timedelta(hours=ago)).isoformat()
            report = {"recorded_at": at, "state_of_charge": charge, "voltage": 48.0, "err": err}
            api.call("POST", "/webhook/live-data", report, token)
        return Seeded(battery["id"], battery["name"], token)

    yield making
    for hub in hubs:
        api.call("DELETE", f"/hubs/{hub}")


@pytest.fixture
def database() -> Database:
    return Database(Settings.from_environment())


@pytest.fixture(scope="session")
def server() -> Flask:
    return create_server()


@pytest.fixture
def visitor(server: Flask) -> FlaskClient:
    return browser(server)


def browser(server: Flask) -> FlaskClient:
    """A visitor of an address of their own, so that refused logins of one test hinder no other."""
    client = server.test_client()
    number = next(VISITORS)
    address = f"203.0.{number % 256}.{number // 256 % 256}"
    client.environ_base |= {
        "HTTP_X_FORWARDED_FOR": f"198.51.100.1, {address}",
        "wsgi.url_scheme": "https",
    }
    return client
