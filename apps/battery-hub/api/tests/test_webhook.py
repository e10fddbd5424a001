import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from battery_hub.routes.webhook import signature
from tests.conftest import WEBHOOK_SECRET, Call

PATH = "/webhook/live-data"


def signed(body: bytes, at: str | None = None, secret: str = WEBHOOK_SECRET) -> dict[str, str]:
    timestamp = at if at is not None else str(int(time.time()))
    return {
        "Content-Type": "application/json",
        "X-Webhook-Timestamp": timestamp,
        "X-Webhook-Signature": signature(secret, timestamp, body),
    }


def test_a_battery_reports_an_error(call: Call, make_battery: Call, admin: str) -> None:
    battery = make_battery("B1")
    answer = call("POST", PATH, 201, battery["token"], json={"err": "TG"})
    assert (answer["errors"], answer["notifications"]) == (["TG"], 1)
    history = call("GET", f"/batteries/{battery['id']}/errors", token=admin)
    assert [(record["err"], record["errors"][0]["documented"]) for record in history] == [
        ("TG", True)
    ]
    bell = call("GET", "/notifications", token=admin)
    assert bell["unread"] == 1
    item = bell["items"][0]
    assert (item["notification_type"], item["severity"]) == ("battery_error", "critical")
    assert (item["link_type"], item["link_id"], item["is_read"]) == (
        "battery",
        battery["id"],
        False,
    )


def test_an_error_that_goes_on_is_announced_once(call: Call, make_battery: Call) -> None:
    token = make_battery("B1")["token"]
    counts = [
        call("POST", PATH, 201, token, json={"err": err})["notifications"]
        for err in ("TG", "TG", "TG,CBL", None, "TG")
    ]
    assert counts == [1, 0, 1, 0, 1]


def test_the_newest_report_is_shown(call: Call, make_battery: Call, admin: str) -> None:
    battery = make_battery("B1")
    report = {"state_of_charge": 81.5, "voltage": 12.9, "current": -3.0, "temperature": 21.0}
    call("POST", PATH, 201, battery["token"], json=report)
    shown = call("GET", "/batteries", token=admin)[0]
    assert shown["status"] == "online"
    assert shown["latest"].items() >= report.items()
    old = {"recorded_at": "2020-01-01T00:00:00Z", "state_of_charge": 1.0}
    call("POST", PATH, 201, battery["token"], json=old)
    assert call("GET", "/batteries", token=admin)[0]["latest"]["state_of_charge"] == 81.5


@pytest.mark.parametrize(
    "report",
    [
        {"err": "x" * 256},
        {"err": "a\0b"},
        {"state_of_charge": 101},
        {"recorded_at": "2020-01-01T00:00:00"},
        {"recorded_at": "2999-01-01T00:00:00Z"},
        {"unknown": 1},
        {"battery_id": 2**40},
    ],
)
def test_a_wrong_report_is_refused(
    call: Call, make_battery: Call, report: dict[str, object]
) -> None:
    call("POST", PATH, 422, make_battery("B1")["token"], json=report)


@pytest.mark.parametrize("body", [b'{"voltage": NaN}', b'{"voltage": 1e999}', b"nonsense", b"[]"])
def test_a_body_that_is_no_report_is_refused(call: Call, make_battery: Call, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    call("POST", PATH, 422, make_battery("B1")["token"], content=body, headers=headers)


def test_a_battery_reports_only_for_itself(call: Call, make_battery: Call, admin: str) -> None:
    first, second = make_battery("B1"), make_battery("B2", "Station")
    call("POST", PATH, 403, first["token"], json={"battery_id": second["id"]})
    call("POST", PATH, 403, admin, json={"battery_id": first["id"]})
    call("POST", PATH, 401, json={"battery_id": first["id"]})


def test_a_hub_reports_for_any_battery(call: Call, make_battery: Call) -> None:
    body = json.dumps({"battery_id": make_battery("B1")["id"], "err": "CBL"}).encode()
    assert call("POST", PATH, 201, content=body, headers=signed(body))["errors"] == ["CBL"]
    for missing, status in ((b"{}", 422), (b'{"battery_id": 99}', 404)):
        call("POST", PATH, status, content=missing, headers=signed(missing))


def test_a_wrong_signature_is_refused(call: Call, make_battery: Call) -> None:
    body = json.dumps({"battery_id": make_battery("B1")["id"]}).encode()
    for headers in (
        signed(body, secret="another"),
        signed(b"other body"),
        signed(body, at=str(int(time.time()) - 301)),
        # A minute over: the clock goes on until the answer.
        signed(body, at=str(int(time.time()) + 360)),
        signed(body, at="now"),
        signed(body) | {"X-Webhook-Timestamp": "1"},
    ):
        call("POST", PATH, 401, content=body, headers=headers)


def test_a_report_of_some_measurements_keeps_the_others(
    call: Call, make_battery: Call, admin: str
) -> None:
    battery = make_battery("B1")
    make_battery("B2", "Station")
    now = datetime.now(UTC).replace(microsecond=0)

    def report(hours: float, **values: object) -> None:
        at = (now - timedelta(hours=hours)).isoformat()
        call("POST", PATH, 201, battery["token"], json={"recorded_at": at, **values})

    report(30, current=-1.0, voltage=47.0)
    report(3, state_of_charge=80.0, voltage=48.0)
    report(1, voltage=49.0, temperature=20.0)
    report(0, err="TG")
    for path in ("/batteries", f"/batteries/{battery['id']}"):
        answer = call("GET", path, token=admin)
        shown = answer[0] if isinstance(answer, list) else answer
        latest = shown["latest"]
        values = [latest[name] for name in ("state_of_charge", "voltage", "temperature", "current")]
        # What is more than a day older than the newest report is no longer shown.
        assert values == [80.0, 49.0, 20.0, None]
        ages = {
            name: (now - datetime.fromisoformat(at)).total_seconds() / 3600
            for name, at in latest["measured_at"].items()
        }
        assert ages == {"state_of_charge": 3, "voltage": 1, "temperature": 1}
        assert [known["code"] for known in shown["errors"]] == ["TG"]
    assert call("GET", "/batteries", token=admin)[1]["latest"] is None


def test_the_error_history_goes_back_page_by_page(
    call: Call, make_battery: Call, admin: str
) -> None:
    battery = make_battery("B1")
    for minute in (5, 3, 3, 9):
        at = f"2026-01-01T00:0{minute}:00Z"
        call("POST", PATH, 201, battery["token"], json={"recorded_at": at, "err": "TG"})
    path = f"/batteries/{battery['id']}/errors"
    everything = call("GET", path, token=admin)
    first = call("GET", f"{path}?limit=2", token=admin)
    rest = call("GET", f"{path}?limit=5&before={first[-1]['id']}", token=admin)
    assert first + rest == everything
    assert len(everything) == 4
