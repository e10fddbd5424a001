from datetime import UTC, datetime, timedelta

import jwt
import pytest
from fastapi.testclient import TestClient

from battery_hub.app import create_app
from battery_hub.login_limit import FAILURES_ALLOWED
from tests.conftest import ADMIN_PASSWORD, API_ENVIRONMENT, Call, forget_settings

LOGIN = {"username": "admin", "password": ADMIN_PASSWORD}


def test_the_admin_logs_in_for_a_day(call: Call) -> None:
    answer = call("POST", "/auth/login", json=LOGIN)
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 24 * 3600)
    me = call("GET", "/auth/me", token=answer["access_token"])
    assert me == {"kind": "user", "id": 1, "name": "admin"}


def test_a_second_login_is_the_same_user(call: Call) -> None:
    tokens = [call("POST", "/auth/login", json=LOGIN)["access_token"] for _ in range(2)]
    assert [call("GET", "/auth/me", token=token)["id"] for token in tokens] == [1, 1]


@pytest.mark.parametrize("wrong", [{"username": "root"}, {"password": "no"}, {"password": "é"}])
def test_a_wrong_login_is_refused(call: Call, wrong: dict[str, str]) -> None:
    assert call("POST", "/auth/login", 401, json=LOGIN | wrong)["detail"] == (
        "The user name or the password is wrong."
    )


def test_guessing_is_slowed_down_even_for_the_right_password(call: Call) -> None:
    for _ in range(FAILURES_ALLOWED):
        call("POST", "/auth/login", 401, json=LOGIN | {"password": "guess"})
    call("POST", "/auth/login", 429, json=LOGIN)


def test_a_battery_logs_in_for_a_year(call: Call, make_battery: Call) -> None:
    battery = make_battery("B1")
    login = {"battery_id": battery["id"], "battery_secret": battery["battery_secret"]}
    assert call("POST", "/auth/battery-login", json=login)["expires_in"] == 8760 * 3600
    call("POST", "/auth/battery-login", 401, json=login | {"battery_secret": "no"})
    call("POST", "/auth/battery-login", 401, json=login | {"battery_id": 99})


def _token(key: str, **changes: object) -> str:
    claims = {"sub": "1", "kind": "user", "exp": datetime.now(UTC) + timedelta(hours=1)}
    return jwt.encode({k: v for k, v in (claims | changes).items() if v is not None}, key, "HS256")


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": datetime.now(UTC) - timedelta(seconds=1)},
        {"exp": None},
        {"kind": "root"},
        {"sub": "one"},
        {"sub": "77"},
    ],
)
def test_a_bad_token_is_refused(call: Call, admin: str, changes: dict[str, object]) -> None:
    assert admin
    call("GET", "/auth/me", 401, _token(API_ENVIRONMENT["SECRET_KEY"], **changes))


def test_unsigned_and_foreign_tokens_are_refused(call: Call, admin: str) -> None:
    assert admin
    unsigned = jwt.encode({"sub": "1", "kind": "user", "exp": 9_999_999_999}, "", "none")
    for token in (unsigned, _token("f" * 48), "nonsense"):
        call("GET", "/auth/me", 401, token)
    call("GET", "/auth/me", 401)


def test_a_rotated_key_still_reads_old_tokens_when_told_the_old_key(
    environment: pytest.MonkeyPatch, admin: str
) -> None:
    environment.setenv("SECRET_KEY", "n" * 48)
    for previous, status in (("", 401), (API_ENVIRONMENT["SECRET_KEY"], 200)):
        environment.setenv("SECRET_KEY_PREVIOUS", previous)
        forget_settings()
        with TestClient(create_app()) as client:
            answer = client.get("/auth/me", headers={"Authorization": f"Bearer {admin}"})
            assert answer.status_code == status


def test_settings_errors_do_not_show_secrets(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SECRET_KEY", "tooshortvalue")
    forget_settings()
    with pytest.raises(ValueError, match="secret_key") as problem:
        create_app()
    assert "tooshortvalue" not in str(problem.value)
