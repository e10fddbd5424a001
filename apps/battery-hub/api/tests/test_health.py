from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from tests.conftest import Call
from tests.postgres import Postgres


def test_tells_version_and_revision(call: Call) -> None:
    assert call("GET", "/health") == {
        "status": "ok",
        "version": "0123456789ab",
        "revision": "0006",
        "database": "ok",
    }


def test_is_unavailable_while_the_database_is_down_and_recovers(
    postgres: Postgres, client: TestClient, admin: str
) -> None:
    postgres.stop()
    try:
        answer = client.get("/health")
        assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")
        other = client.get("/batteries", headers={"Authorization": f"Bearer {admin}"})
        assert other.status_code == 503
        assert "cannot be reached" in other.json()["detail"]
    finally:
        postgres.start()
    assert client.get("/health").status_code == 200


def test_is_unavailable_without_a_schema(client: TestClient, schema: Engine) -> None:
    with schema.begin() as connection:
        connection.execute(text("ALTER TABLE alembic_version RENAME TO hidden"))
    try:
        answer = client.get("/health")
        assert (answer.status_code, answer.json()["database"]) == (503, "not migrated")
    finally:
        with schema.begin() as connection:
            connection.execute(text("ALTER TABLE hidden RENAME TO alembic_version"))
