from collections.abc import Callable, Iterator
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from battery_hub import database
from battery_hub.app import create_app
from battery_hub.revisions import ALEMBIC_INI
from battery_hub.settings import api_settings, database_settings
from tests.postgres import Postgres, running_postgres

ADMIN_PASSWORD = "correct horse battery"
WEBHOOK_SECRET = "w" * 40
API_ENVIRONMENT = {
    "SECRET_KEY": "s" * 48,
    "WEBHOOK_SECRET": WEBHOOK_SECRET,
    "ADMIN_USERNAME": "admin",
    "ADMIN_PASSWORD": ADMIN_PASSWORD,
    "ADMIN_EMAIL": "admin@example.org",
    "CORS_ORIGINS": "https://hub.example.org, https://panel.example.org",
    "BERTH_RELEASE": "0123456789ab",
}

type Json = Any
type Call = Callable[..., Json]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with running_postgres(tmp_path_factory.mktemp("pg")) as server:
        yield server


@pytest.fixture
def as_migration_user(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Config:
    for name, value in postgres.environment("migration_user").items():
        monkeypatch.setenv(name, value)
    return Config(ALEMBIC_INI)


@pytest.fixture(scope="session")
def schema(postgres: Postgres) -> Engine:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in postgres.environment("migration_user").items():
            patch.setenv(name, value)
        command.upgrade(Config(ALEMBIC_INI), "head")
    return postgres.engine("migration_user")


@pytest.fixture
def clean(schema: Engine) -> Engine:
    with schema.begin() as connection:
        connection.execute(text("TRUNCATE users, hubs, login_failures RESTART IDENTITY CASCADE"))
    return schema


@pytest.fixture
def environment(
    postgres: Postgres, clean: Engine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    assert clean
    values = API_ENVIRONMENT | postgres.environment("api_user")
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    forget_settings()
    yield monkeypatch
    forget_settings()


def forget_settings() -> None:
    if database.engine.cache_info().currsize:
        database.engine().dispose()
    for cached in (api_settings, database_settings, database.engine):
        cached.cache_clear()


@pytest.fixture
def client(environment: pytest.MonkeyPatch) -> Iterator[TestClient]:
    assert environment
    with TestClient(create_app()) as opened:
        yield opened


@pytest.fixture
def call(client: TestClient) -> Call:
    """Calls the API and asserts the status."""

    def calling(
        method: str, path: str, status: int = 200, token: str | None = None, **more: Any
    ) -> Json:
        headers = more.pop("headers", {}) | ({"Authorization": f"Bearer {token}"} if token else {})
        answer = client.request(method, path, headers=headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    return calling


@pytest.fixture
def admin(call: Call) -> str:
    login = {"username": "admin", "password": ADMIN_PASSWORD}
    token: str = call("POST", "/auth/login", json=login)["access_token"]
    return token


@pytest.fixture
def make_battery(call: Call, admin: str) -> Call:
    def making(name: str, hub: str = "Harbour", *, is_synthetic: bool = False) -> Json:
        wanted = {"name": hub, "is_synthetic": is_synthetic}
        home = call("POST", "/hubs", 201, admin, json=wanted)
        battery = call("POST", "/batteries", 201, admin, json={"hub_id": home["id"], "name": name})
        login = {"battery_id": battery["id"], "battery_secret": battery["battery_secret"]}
        battery["token"] = call("POST", "/auth/battery-login", json=login)["access_token"]
        return battery

    return making
