import pytest
from flask import Flask
from flask.testing import FlaskClient

from battery_panel.app import create_server
from battery_panel.session import Sessions
from tests.conftest import LOGIN, Api, Seeded, browser

CLOSED = "http://127.0.0.1:9"


def test_every_path_of_data_asks_for_a_login(server: Flask, visitor: FlaskClient) -> None:
    assert (visitor.get("/").status_code, visitor.get("/").location) == (303, "/login")
    checked = set()
    for rule in server.url_map.iter_rules():
        if rule.rule.startswith(("/login", "/health", "/assets/", "/_dash-component-suites/")):
            continue
        if rule.rule in {"/", "/_favicon.ico"}:
            continue
        path = rule.rule.replace("<path:path>", "anything")
        for method in (rule.methods or set()) & {"GET", "POST"}:
            assert visitor.open(path, method=method).status_code == 401, (method, path)
            checked.add(path)
    assert {"/_dash-layout", "/_dash-update-component", "/logout", "/anything"} <= checked


def test_logging_in_and_out(visitor: FlaskClient) -> None:
    answer = visitor.post("/login", data=LOGIN, headers={"Origin": "https://localhost"})
    assert (answer.status_code, answer.location) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-panel=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=86400"):
        assert attribute in cookie
    page = visitor.get("/")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "https://" not in page.text, "scripts come from the image"
    assert visitor.post("/logout").location == "/login"
    assert visitor.get("/").status_code == 303


def test_a_page_that_does_not_exist_says_so(visitor: FlaskClient) -> None:
    navigation = {"Accept": "text/html"}
    answer = visitor.get("/anything", headers=navigation)
    assert (answer.status_code, "Log in first." in answer.text) == (401, True)
    assert "<form" in answer.text
    visitor.post("/login", data=LOGIN)
    answer = visitor.get("/anything", headers=navigation)
    assert (answer.status_code, "This page does not exist" in answer.text) == (404, True)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_battery_that_was_asked_for_is_kept_over_the_login(visitor: FlaskClient) -> None:
    assert visitor.get("/?battery=7").location == "/login?battery=7"
    assert visitor.post("/login?battery=7", data=LOGIN).location == "/?battery=7"
    other = visitor.get("/login?battery=7%0d%0aX&ended=1")
    assert "Your session has ended." in other.text
    visitor.post("/logout")
    assert visitor.get("/?battery=//evil.test").location == "/login"


@pytest.mark.parametrize("wrong", [{"username": "x"}, {"password": "x"}, {"password": ""}])
def test_a_wrong_login_says_so(visitor: FlaskClient, wrong: dict[str, str]) -> None:
    answer = visitor.post("/login", data=LOGIN | wrong)
    assert answer.status_code == 401
    assert "The user name or the password is wrong." in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_form_of_another_site_is_refused(visitor: FlaskClient) -> None:
    answer = visitor.post("/login", data=LOGIN, headers={"Origin": "https://evil.test"})
    assert answer.status_code == 403


def test_guessing_is_slowed_down_by_visitor(server: Flask, visitor: FlaskClient) -> None:
    for _ in range(10):
        assert visitor.post("/login", data=LOGIN | {"password": "x"}).status_code == 401
    assert "Too many refused logins" in visitor.post("/login", data=LOGIN).text
    assert browser(server).post("/login", data=LOGIN).status_code == 303


def test_a_battery_or_nonsense_is_no_visitor(visitor: FlaskClient, make_battery: object) -> None:
    assert callable(make_battery)
    battery: Seeded = make_battery()
    for token in (battery.token, "nonsense"):
        visitor.set_cookie("__Host-panel", token, secure=True)
        assert visitor.get("/").status_code == 303
        assert visitor.get("/_dash-layout").status_code == 401


def test_a_token_is_believed_for_half_a_minute(api: Api) -> None:
    now = 0.0
    sessions = Sessions(api.url, clock=lambda: now)
    assert sessions.name(api.token) == "admin"
    sessions._api_url = CLOSED
    now = 29.0
    assert sessions.name(api.token) == "admin"


def test_nobody_gets_in_while_the_api_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_URL", CLOSED)
    visitor = browser(create_server())
    assert visitor.post("/login", data=LOGIN).status_code == 503
    visitor.set_cookie("__Host-panel", "token", secure=True)
    assert visitor.get("/").status_code == 503
    assert visitor.get("/health").status_code == 200


def test_health_follows_the_database(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = visitor.get("/health")
    assert (answer.status_code, answer.json and answer.json["status"]) == (200, "ok")
    monkeypatch.setenv("DB_PORT", "9")
    answer = browser(create_server()).get("/health")
    assert (answer.status_code, answer.json and answer.json["status"]) == (503, "error")
