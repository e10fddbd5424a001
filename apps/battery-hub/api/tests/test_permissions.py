import pytest
from fastapi.testclient import TestClient

from tests.conftest import Call

FOR_PEOPLE = [
    ("GET", "/batteries"),
    ("GET", "/notifications"),
    ("POST", "/notifications/1/read"),
    ("POST", "/notifications/read"),
    ("GET", "/hubs"),
    ("POST", "/hubs"),
    ("DELETE", "/hubs/1"),
    ("POST", "/batteries"),
    ("DELETE", "/batteries/1"),
]


@pytest.mark.parametrize(("method", "path"), FOR_PEOPLE)
def test_is_for_people(call: Call, make_battery: Call, method: str, path: str) -> None:
    body = {"name": "x", "hub_id": 1}
    call(method, path, 401, json=body)
    call(method, path, 403, make_battery("B1")["token"], json=body)


def test_every_path_but_the_open_ones_asks_who_is_there(client: TestClient) -> None:
    open_paths = {"/", "/health", "/auth/login", "/auth/battery-login"}
    schema = client.app.openapi()  # type: ignore[attr-defined]
    checked = 0
    for path, methods in schema["paths"].items():
        for method in methods:
            url = path.format(battery_id=1, hub_id=1, notification_id=1)
            status = client.request(method, url, json={"name": "x", "hub_id": 1}).status_code
            assert (status == 401) == (path not in open_paths), (method, path, status)
            checked += 1
    assert checked > len(open_paths)


def test_a_battery_sees_only_itself(call: Call, make_battery: Call) -> None:
    first, second = make_battery("B1"), make_battery("B2", "Station")
    for path in ("", "/errors"):
        call("GET", f"/batteries/{first['id']}{path}", 200, first["token"])
        call("GET", f"/batteries/{second['id']}{path}", 403, first["token"])


def test_a_removed_battery_is_locked_out(call: Call, make_battery: Call, admin: str) -> None:
    battery = make_battery("B1")
    call("DELETE", f"/batteries/{battery['id']}", 204, admin)
    call("POST", "/webhook/live-data", 401, battery["token"], json={"err": "TG"})
    call("DELETE", f"/batteries/{battery['id']}", 404, admin)


def test_browsers_of_other_origins_are_not_let_in(client: TestClient) -> None:
    for origin, allowed in (("https://hub.example.org", True), ("https://evil.example", False)):
        answer = client.get("/health", headers={"Origin": origin})
        assert (answer.headers.get("access-control-allow-origin") == origin) == allowed


def test_documentation_pages_are_off(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404
